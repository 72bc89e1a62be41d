import type { LocalGitHub } from "../../../../demo/github/local-github.ts";
import { createGate, type Gate } from "./gate.ts";

export interface HoldOptions {
  /** How many such requests are let through before; none unless told. */
  readonly after?: number;
}

type Held = { readonly github: Pick<LocalGitHub, "faults">; readonly fullName: string };

/** Stops the next push into a repository before it knows the refs. Passed: git has ended. */
export function holdPush(shop: Held, options: HoldOptions = {}): Gate {
  return hold(shop, "GET", "info/refs?service=git-receive-pack", options);
}

/** Stops the next fetch from a repository before it knows the refs. Passed: git has ended. */
export function holdFetch(shop: Held, options: HoldOptions = {}): Gate {
  return hold(shop, "POST", "git-upload-pack", options);
}

function hold({ github, fullName }: Held, method: string, what: string, { after = 0 }: HoldOptions): Gate {
  const path = new RegExp(`^/${fullName}\\.git/${what.replace("?", "\\?")}$`);
  const gate = createGate();
  const { onRequest } = github.faults;
  if (after > 0) onRequest({ method, path, times: after, effect: { kind: "hold", around: (go) => go() } });
  const around = (answer: () => Promise<void>, gone: Promise<void>) =>
    gate.lead(async () => {
      await answer();
      await gone;
    });
  onRequest({ method, path, effect: { kind: "hold", around } });
  return gate;
}
