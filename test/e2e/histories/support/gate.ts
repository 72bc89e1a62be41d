/** Where somebody has to wait until they are let through. */
export interface Gate {
  /** Somebody has come. */
  readonly reached: Promise<void>;
  /** They have done what they came for. */
  readonly passed: Promise<void>;
  open(): void;
  /** For whoever comes: `work` is what they came for. */
  readonly lead: (work: () => Promise<void>) => Promise<void>;
}

export function createGate(): Gate {
  const [reached, opened, passed] = [createSignal(), createSignal(), createSignal()];
  return {
    reached: reached.given,
    passed: passed.given,
    open: opened.give,
    lead: async (work) => {
      reached.give();
      await opened.given;
      await work();
      passed.give();
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
