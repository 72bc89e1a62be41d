/** What is shorter would be shown as 0.0 s. */
const shortestShown = 50;

/**
 * How long a deployment took, phase by phase: the first question when one is slow. All in milliseconds. The phases need
 * not add up to the whole, since a deployment waits between them, too.
 */
export function tookText(elapsed: number, phases: ReadonlyMap<string, number>): string {
  const shown = [...phases].filter(([, milliseconds]) => milliseconds >= shortestShown);
  const parts = shown.map(([phase, milliseconds]) => `${phase} ${seconds(milliseconds)}`);
  return `Took ${seconds(elapsed)}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.`;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
