import { noteOwedCopy, owedCopies, settleOwedCopy } from "../../adapters/artifacts/owed-copies.ts";
import { downloadBundle, uploadBundle } from "../../adapters/aws/bundle-copies.ts";
import { type Failure, toFailure, WaymarkError } from "../../promotion/failure.ts";
import { type Bucket, bucketOf } from "./bucket.ts";
import type { DeploymentInput, DeploymentOutcome } from "./deployment.ts";
import type { RunContext } from "./stack-run.ts";

type CopyContext = Pick<RunContext, "input" | "io" | "sessions" | "redact">;

/** Whether sealed bytes are missing or damaged, so that their commit has to be synthesized again. */
export const isBundleGone = ({ code }: Pick<Failure, "code">): boolean => code.startsWith("bundle-");

/**
 * Brings a bundle from the environment's bucket to this machine. False: there is no bucket.
 * Errors (service): `bundle-missing`, `bundle-damaged`, `bundle-refused`, `store-unreachable`, those of taking a role.
 */
export async function fetchBundle(digest: string, { input, sessions, io }: CopyContext): Promise<boolean> {
  const bucket = bucketOf(input, sessions);
  if (bucket === undefined) return false;
  await bucket
    .use("plan", (objects) => downloadBundle(input.store, digest, objects))
    .catch((error: unknown) => {
      // S3 also refuses to show what is not there, to whoever may not list it.
      const failure = toFailure(error);
      throw failure.code === "store-refused"
        ? new WaymarkError({ ...failure, code: "bundle-refused" })
        : error;
    });
  io.log.info({ bundle: digest }, "the bundle came from the environment's bucket");
  return true;
}

/**
 * Copies a sealed bundle to the environment's bucket while it is applied: a record names no bundle that is on one machine
 * only, or the check run says so. What is applied is applied, and no copy that failed makes a failure of it.
 */
export async function besideCopy(
  digest: string,
  context: CopyContext,
  apply: () => Promise<DeploymentOutcome>,
): Promise<DeploymentOutcome> {
  const copying = copy(digest, context);
  const outcome = await apply().finally(() => copying);
  const reason = await copying;
  if (reason !== undefined && outcome.kind === "applied")
    context.io.remark({ kind: "bundle-not-copied", reason });
  return outcome;
}

/** Why there is no copy; undefined: there is one, or none is wanted. Never rejects. */
async function copy(digest: string, context: CopyContext): Promise<string | undefined> {
  const { input, sessions } = context;
  const bucket = bucketOf(input, sessions);
  if (bucket === undefined) return undefined;
  const reason = await attempt(digest, context, async () => {
    await noteOwedCopy(input.store, digest);
    await upload(digest, bucket, input);
  });
  if (reason === undefined) await makeGood(bucket, context);
  return reason;
}

/** What earlier deployments on this machine could not copy, or were killed over. */
async function makeGood(bucket: Bucket, context: CopyContext): Promise<void> {
  const { input } = context;
  for (const digest of await owedCopies(input.store)) {
    await attempt(digest, context, () => upload(digest, bucket, input));
  }
}

async function upload(digest: string, bucket: Bucket, { store }: DeploymentInput): Promise<void> {
  await bucket
    .use("artifacts", (objects) => uploadBundle(store, digest, objects))
    .catch((error: unknown) => {
      // What is not here any more can't be copied another time either.
      if (!isBundleGone(toFailure(error))) throw error;
    });
  await settleOwedCopy(store, digest);
}

/** Gives why it failed, without secrets. */
async function attempt(
  bundle: string,
  { io, redact }: CopyContext,
  act: () => Promise<void>,
): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    const reason = redact(toFailure(error).message);
    io.log.warn({ bundle, reason }, "the bundle could not be copied");
    return reason;
  }
}
