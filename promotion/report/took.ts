/** How long a deployment took, phase by phase: the first question when one is slow. All in milliseconds. */
export function tookText(elapsed: number, phases: ReadonlyMap<string, number>): string {
  const parts = [...phases].map(([phase, milliseconds]) => `${phase} ${seconds(milliseconds)}`);
  return `Took ${seconds(elapsed)}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.`;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
