import { createHash } from "node:crypto";
import { deriveSigningKey } from "../../../adapters/signing/keys.ts";
import { createSigner } from "../../../adapters/signing/signer.ts";
import type { DeploymentRecord } from "../../../promotion/record.ts";
import { writeRecords } from "../../../test/jobs/support/history.ts";
import { runGit } from "../../../test/support/git.ts";
import type { Installation, InstalledRepository } from "../../stage/installation.ts";

/** Makes it look as if `dev` had been deployed so often, signed as this installation signs. */
export async function pretendDeployments(
  { registration }: Installation,
  { id, bareDirectory }: InstalledRepository,
  count: number,
): Promise<void> {
  const commit = await runGit(bareDirectory, ["rev-parse", "refs/heads/dev"]);
  const signer = createSigner(deriveSigningKey(registration.environment.PRIVATE_KEY ?? ""));
  const records = Array.from({ length: count }, (_, index) => recordOf(id, commit, index + 1));
  await writeRecords(bareDirectory, signer, records);
  // As every server keeps refs that do not move.
  await runGit(bareDirectory, ["pack-refs", "--all"]);
}

function recordOf(repository: number, commit: string, number: number): DeploymentRecord {
  const bundle = createHash("sha256").update(String(number)).digest("hex");
  const place = { repository, environment: "dev", branch: "dev" };
  return { ...place, number, commit, branchHead: commit, kind: "promotion", bundle };
}
