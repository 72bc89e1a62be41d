import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modes } from "../../promotion/mode.ts";
import { readRequestOptions } from "../../promotion/request-options.ts";
import { hostileText } from "./arbitrary.ts";

describe("what a tag's message asks for", () => {
  it("is nothing unless it says so", () => {
    expect(readRequestOptions("")).toEqual({});
    expect(readRequestOptions("back to before the fire\n\nIn a bad mode. Use the force: Luke.\n")).toEqual(
      {},
    );
  });

  it.each(modes)("is the mode %s", (mode) => {
    expect(readRequestOptions(`again\n\nMode: ${mode}\n`)).toEqual({ mode });
  });

  it("is found in any paragraph, since git makes one of each -m", () => {
    expect(readRequestOptions("look\n\nMode: whatif\n\nForce: yes\n")).toEqual({
      mode: "whatif",
      force: true,
    });
    expect(readRequestOptions("Mode: whatif\n\nlook at this\n")).toEqual({ mode: "whatif" });
  });

  it("is read as a person would, with other letters, blanks and line ends", () => {
    expect(readRequestOptions("mode=whatif\r\n  FORCE :  yes  \r\n")).toEqual({
      mode: "whatif",
      force: true,
    });
  });

  it.each([
    "Mode: wahtif",
    "Mode: WHATIF",
    "Mode:",
    "Mode: whatif complete",
    "Mode: whatif\n\nMode: complete",
    "Mode: whatif\nMode: whatif",
    "Force: no",
    "Force: yes\nForce: yes",
    "Force:",
    "Mode: __proto__",
  ])("can't be read from %j, and is not passed over", (message) => {
    expect(readRequestOptions(`again\n\n${message}\n`)).toBeUndefined();
  });

  it("takes no more time for a hostile message than for any other", () => {
    const blanks = " ".repeat(60_000);
    expect(readRequestOptions(`mode:${blanks}x\nmode${blanks}x\n${blanks}`)).toBeUndefined();
  });

  it("is either understood or refused, whatever is written", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(readRequestOptions(`Mode: ${text}\nMode: whatif`)).toBeUndefined();
      }),
    );
  });
});
