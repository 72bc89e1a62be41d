import { createHash } from "node:crypto";
import { childEnvironment, type Variables } from "../process/environment.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** What an app is synthesized from. */
export interface SynthSource {
  readonly repository: number;
  /** Object id of the commit's tree: all its files, whatever the commit. */
  readonly tree: string;
  readonly environment: string;
  /** The policy's. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What it is synthesized with. */
export interface SynthTool {
  /** Versions by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly sandbox: Pick<Sandbox, "kind">;
  /** The worker's own variables, of which an allow-list is passed on. */
  readonly variables: Variables;
}

/**
 * The digest of everything that decides what an app synthesizes: the same key, the same output. The repository is a
 * part of it, so that none ever gets what another one's code made.
 */
export function synthKey(source: SynthSource, { versions, sandbox, variables }: SynthTool): string {
  const { repository, tree, environment } = source;
  const scratch = { home: "", temporary: "", network: false };
  const told = {
    format: 1,
    source: [repository, tree, environment, inOrder(source.variables)],
    tools: [inOrder(versions), process.platform, process.arch, sandbox.kind],
    given: inOrder(childEnvironment(variables, scratch)),
  };
  return createHash("sha256").update(JSON.stringify(told)).digest("hex");
}

const inOrder = (values: Readonly<Record<string, string>>) => Object.entries(values).sort();
