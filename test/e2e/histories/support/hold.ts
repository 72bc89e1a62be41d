import type { LocalGitHub } from "../../../../demo/github/local-github.ts";
import { createGate, type Gate } from "./gate.ts";

export interface HoldOptions {
  /** How many such requests are let through before; none unless told. */
  readonly after?: number;
}

type Held = { readonly github: Pick<LocalGitHub, "faults">; readonly fullName: string };

/** Stops the next push into a repository before any ref moves. */
export function holdPush(shop: Held, options: HoldOptions = {}): Gate {
  return hold(shop, "git-receive-pack", options);
}

/** Stops the next fetch from a repository before any ref is read. */
export function holdFetch(shop: Held, options: HoldOptions = {}): Gate {
  return hold(shop, "git-upload-pack", options);
}

function hold({ github, fullName }: Held, service: string, { after = 0 }: HoldOptions): Gate {
  const request = { method: "POST", path: new RegExp(`^/${fullName}\\.git/${service}$`) };
  const gate = createGate();
  const { onRequest } = github.faults;
  if (after > 0) onRequest({ ...request, times: after, effect: { kind: "hold", around: (push) => push() } });
  onRequest({ ...request, effect: { kind: "hold", around: gate.lead } });
  return gate;
}
