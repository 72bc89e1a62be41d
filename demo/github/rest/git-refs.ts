import { z } from "zod";
import { requireAuthor } from "../auth/authorize.ts";
import { forbiddenWorkflow } from "../auth/workflows.ts";
import { changeRefs } from "../changes/change-refs.ts";
import { isAncestor, objectType, peel } from "../git/history.ts";
import { isRefName, type RefChange, readRef, readRefs, updateRef } from "../git/refs.ts";
import { ApiError, notFound, unprocessable } from "../http/api-error.ts";
import { parameter, parseBody } from "../http/call.ts";
import type { Answer, Route } from "../http/router.ts";
import { refShape } from "../shapes/ref.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** Refs, read and moved by REST. Every change is a push to those who listen. */
export const gitRefRoutes: readonly Route[] = [
  repositoryRoute("GET", "/git/ref/{ref}", reads("contents"), getRef),
  repositoryRoute("GET", "/git/matching-refs/{ref}", reads("contents"), listMatching),
  repositoryRoute("POST", "/git/refs", writes("contents"), createRef),
  repositoryRoute("PATCH", "/git/refs/{ref}", writes("contents"), moveRef),
  repositoryRoute("DELETE", "/git/refs/{ref}", writes("contents"), deleteRef),
];

async function getRef(call: RepositoryCall): Promise<Answer> {
  const ref = namedRef(call);
  const sha = await readRef(call.repository.directory, ref);
  if (sha === undefined) throw notFound();
  return { status: 200, body: await shape(call, ref, sha) };
}

async function listMatching(call: RepositoryCall): Promise<Answer> {
  const prefix = namedRef(call);
  const refs = [...(await readRefs(call.repository.directory))].filter(([ref]) => ref.startsWith(prefix));
  return { status: 200, body: await Promise.all(refs.map(([ref, sha]) => shape(call, ref, sha))) };
}

const sha = z.string().regex(/^[0-9a-f]{40}$/, "must be a full SHA");
const creation = z.object({ ref: z.string(), sha });
const movement = z.object({ sha, force: z.boolean().default(false) });

async function createRef(call: RepositoryCall): Promise<Answer> {
  const { ref, sha } = parseBody(call, creation);
  const { directory } = call.repository;
  const wellFormed = /^refs\/(heads|tags)\/./.test(ref) && (await isRefName(directory, ref));
  if (!wellFormed) throw unprocessable(`${ref} is not a valid ref name.`);
  await change(call, ref, sha, async (before) => {
    if (before !== null) throw unprocessable("Reference already exists");
  });
  return { status: 201, body: await shape(call, ref, sha) };
}

async function moveRef(call: RepositoryCall): Promise<Answer> {
  const ref = namedRef(call);
  const { sha, force } = parseBody(call, movement);
  await change(call, ref, sha, async (before) => {
    if (before === null) throw unprocessable("Reference does not exist");
    const forward = await isForward(call, before, sha);
    if (!force && !forward) throw unprocessable("Update is not a fast forward");
  });
  return { status: 200, body: await shape(call, ref, sha) };
}

async function deleteRef(call: RepositoryCall): Promise<Answer> {
  await change(call, namedRef(call), null, async (before) => {
    if (before === null) throw unprocessable("Reference does not exist");
  });
  return { status: 204 };
}

const namedRef = (call: RepositoryCall) => `refs/${parameter(call, "ref")}`;

/** Moves a ref if `check`, told what it is now, does not throw. */
async function change(
  call: RepositoryCall,
  ref: string,
  after: string | null,
  check: (before: string | null) => Promise<void>,
): Promise<void> {
  const { world, repository } = call;
  const { directory } = repository;
  await changeRefs(world, repository, requireAuthor(call), async () => {
    const before = (await readRef(directory, ref)) ?? null;
    await check(before);
    if (after !== null) await checkTarget(call, { ref, before, after });
    await updateRef(directory, { ref, before, after });
  });
}

/** A branch holds commits; a tag holds any object. */
async function checkTarget(
  { actor, repository }: RepositoryCall,
  { ref, after }: RefChange & { after: string },
): Promise<void> {
  const type = await objectType(repository.directory, after);
  if (type === undefined) throw unprocessable("Object does not exist");
  if (ref.startsWith("refs/heads/") && type !== "commit") throw unprocessable("Object is not a commit");
  const workflow = await forbiddenWorkflow(actor, repository, after);
  if (workflow !== undefined) throw new ApiError(403, "Resource not accessible by integration");
}

async function isForward(
  { repository: { directory } }: RepositoryCall,
  from: string,
  to: string,
): Promise<boolean> {
  const [before, after] = await Promise.all([peel(directory, from, "commit"), peel(directory, to, "commit")]);
  return before !== undefined && after !== undefined && isAncestor(directory, before, after);
}

async function shape({ world, repository }: RepositoryCall, ref: string, sha: string) {
  const type = (await objectType(repository.directory, sha)) ?? "commit";
  return refShape(world.urls, repository, ref, sha, type);
}
