import { type Account, noreplyEmail } from "../model/account.ts";
import { git } from "./git.ts";

export interface NewTag {
  /** SHA of what is tagged, and its type. */
  readonly object: string;
  readonly type: "commit" | "tree" | "blob";
  /** The tag's own name, without `refs/tags/`. */
  readonly tag: string;
  readonly message: string;
  readonly tagger: Account;
  readonly date: Date;
}

/** Writes a tag object and returns its SHA. */
export function writeTag(
  directory: string,
  { object, type, tag, message, tagger, date }: NewTag,
): Promise<string> {
  const seconds = Math.floor(date.getTime() / 1000);
  const head = [`object ${object}`, `type ${type}`, `tag ${tag}`];
  const lines = [...head, `tagger ${tagger.login} <${noreplyEmail(tagger)}> ${seconds} +0000`, "", message];
  return git(directory, ["mktag"], { input: `${lines.join("\n")}\n` });
}
