import { code } from "./markdown.ts";

/**
 * Where a deployment's logs are. Only their address: a link that opens them is a secret, so it is made on demand by the
 * command that these words complete.
 */
export function logsText(address: string, words: readonly string[]): string {
  return `Logs: ${code(address)}. For links: ${code(`npm run core -- logs ${words.join(" ")}`)}.`;
}
