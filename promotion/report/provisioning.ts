import type { Scope } from "../mode.ts";
import type { DeploymentRecord } from "../record.ts";
import { code } from "./markdown.ts";

/** Why a deployment that nobody asked for happens. */
export const occasions: Readonly<Record<Scope, string>> = {
  provision: "by schedule",
  postponed: "again, as it was postponed",
};

/** The title of such a deployment once it is recorded as `tag`. */
export function provisionedTitle(
  { environment, postponed }: DeploymentRecord,
  scope: Scope,
  tag: string,
): string {
  return postponed
    ? `Provisioning of ${environment} postponed again, recorded as ${tag}`
    : `Provisioned ${environment} ${occasions[scope]}, recorded as ${tag}`;
}

/** When the postponed stacks of a record are tried again; undefined: there are none. */
export function triedAgainText({ postponed }: DeploymentRecord): string | undefined {
  if (!postponed) return undefined;
  const names = postponed.stacks.map(code).join(", ");
  const time = `${new Date(postponed.until).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return `Postponed ${postponed.tries === 1 ? "" : `${postponed.tries} times in a row `}and tried again after ${time}, or by the next deployment: ${names}.`;
}
