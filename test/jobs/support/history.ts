import { taggerEmail, tagText } from "../../../adapters/git/tags.ts";
import type { Signer } from "../../../adapters/signing/signer.ts";
import type { ObjectId } from "../../../promotion/object-id.ts";
import { type DeploymentRecord, formatRecord } from "../../../promotion/record.ts";
import { attemptRef, currentRef, recordRef } from "../../../promotion/ref.ts";
import { runGit } from "../../support/git.ts";

/** Writes the records of one environment into a bare repository at one go, settled at the last; gives its object. */
export async function writeRecords(
  directory: string,
  signer: Signer,
  records: readonly DeploymentRecord[],
): Promise<ObjectId> {
  const last = records.at(-1);
  if (last === undefined) throw new Error("a history needs a record");
  const { environment, number } = last;
  const input = records.map((record) => importedTag(record, signer)).join("");
  await runGit(directory, ["fast-import", "--quiet"], { input });
  const object = await runGit(directory, ["rev-parse", recordRef(environment, number)]);
  const pointers = [currentRef(environment), attemptRef(environment)];
  const moves = pointers.map((ref) => `update ${ref} ${object}\n`).join("");
  await runGit(directory, ["update-ref", "--stdin"], { input: moves });
  return object;
}

/** git writes the header itself, just as it stands in the text that is signed. */
function importedTag(record: DeploymentRecord, signer: Signer): string {
  const name = `deploy/${record.environment}/${record.number}`;
  const at = 1_700_000_000;
  const text = signer.sign(tagText({ name, commit: record.commit, message: formatRecord(record), at }));
  const body = text.slice(text.indexOf("\n\n") + 2);
  const tagger = `tagger Waymark <${taggerEmail}> ${at} +0000`;
  return `tag ${name}\nfrom ${record.commit}\n${tagger}\ndata ${Buffer.byteLength(body)}\n${body}\n`;
}
