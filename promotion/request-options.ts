import { modes, type RunOptions } from "./mode.ts";

/** What a person may ask for beside the commit, for this one attempt. */
export type RequestOptions = Pick<RunOptions, "mode" | "force">;

/** An option on a line of its own, wherever it stands: `git tag -m … -m …` makes a paragraph of each. */
const optionLine = /^[ \t]*(mode|force)[ \t]*[:=](.*)$/is;

/**
 * The options that the message of the tag asks for, such as `Mode: whatif` and `Force: yes`; other lines are people's
 * own. Undefined: one of them can't be understood or is there twice, and to go on without it could apply what was only
 * to be looked at.
 */
export function readRequestOptions(message: string): RequestOptions | undefined {
  const options: { mode?: RequestOptions["mode"]; force?: true } = {};
  for (const line of message.split("\n")) {
    const [, key, written = ""] = optionLine.exec(line.trim()) ?? [];
    const value = written.trim();
    if (key === undefined) continue;
    if (key.toLowerCase() === "mode") {
      const mode = modes.find((one) => one === value);
      if (mode === undefined || options.mode !== undefined) return undefined;
      options.mode = mode;
    } else {
      if (value !== "yes" || options.force) return undefined;
      options.force = true;
    }
  }
  return options;
}
