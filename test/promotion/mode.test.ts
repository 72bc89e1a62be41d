import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveMode, looksOnly, type Mode, modes } from "../../promotion/mode.ts";

const any = fc.constantFrom(...modes);

describe("the mode of an attempt", () => {
  it("is the policy's unless something else is asked for", () => {
    fc.assert(
      fc.property(any, (policy) => {
        expect(effectiveMode(undefined, policy)).toBe(policy);
      }),
    );
  });

  it("is one of the two, whichever of them is which", () => {
    fc.assert(
      fc.property(any, any, (asked, policy) => {
        expect([asked, policy]).toContain(effectiveMode(asked, policy));
        expect(effectiveMode(asked, policy)).toBe(effectiveMode(policy, asked));
      }),
    );
  });

  it("never does more than either allows: no way around an approval, nothing applied where one only looks", () => {
    const asksFirst = (mode: Mode) => mode !== "complete";
    fc.assert(
      fc.property(any, any, (asked, policy) => {
        const mode = effectiveMode(asked, policy);
        expect(asksFirst(mode)).toBe(asksFirst(asked) || asksFirst(policy));
        expect(looksOnly(mode)).toBe(looksOnly(asked) || looksOnly(policy));
      }),
    );
  });

  it("stays what it is when it is worked out again", () => {
    fc.assert(
      fc.property(any, any, (asked, policy) => {
        const once = effectiveMode(asked, policy);
        expect(effectiveMode(once, policy)).toBe(once);
      }),
    );
  });
});
