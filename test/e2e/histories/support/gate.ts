/** Where everybody has to wait until it is opened. */
export interface Gate {
  /** Somebody has come. */
  readonly reached: Promise<void>;
  /** It was opened, and all who had come have done what they came for. */
  readonly passed: Promise<void>;
  open(): void;
  /** For whoever comes: `work` is what they came for. */
  readonly lead: (work: () => Promise<void>) => Promise<void>;
}

export function createGate(): Gate {
  const [reached, opened] = [createSignal(), createSignal()];
  const visits: Promise<void>[] = [];
  return {
    reached: reached.given,
    passed: opened.given.then(async () => void (await Promise.allSettled(visits))),
    open: opened.give,
    lead: (work) => {
      const visit = opened.given.then(work);
      visits.push(visit);
      reached.give();
      return visit;
    },
  };
}

function createSignal(): { readonly given: Promise<void>; give(): void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}
