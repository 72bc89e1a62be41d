import { z } from "zod";
import { requireAuthor } from "../auth/authorize.ts";
import { writeTag } from "../git/create-tag.ts";
import { objectType } from "../git/history.ts";
import { type GitObject, readObject } from "../git/object.ts";
import { notFound, unprocessable } from "../http/api-error.ts";
import { parameter, parseBody } from "../http/call.ts";
import type { Answer, Route } from "../http/router.ts";
import { gitCommitShape, tagShape } from "../shapes/commit.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** Commit and tag objects. */
export const gitObjectRoutes: readonly Route[] = [
  repositoryRoute("GET", "/git/commits/{commit_sha}", reads("contents"), getCommit),
  repositoryRoute("GET", "/git/tags/{tag_sha}", reads("contents"), getTag),
  repositoryRoute("POST", "/git/tags", writes("contents"), createTag),
];

async function getCommit(call: RepositoryCall): Promise<Answer> {
  const commit = await read(call, parameter(call, "commit_sha"), "commit");
  return { status: 200, body: gitCommitShape(call.world.urls, call.repository, commit) };
}

async function getTag(call: RepositoryCall): Promise<Answer> {
  const tag = await read(call, parameter(call, "tag_sha"), "tag");
  return { status: 200, body: tagShape(call.world.urls, call.repository, tag) };
}

async function read({ repository }: RepositoryCall, sha: string, type: "commit" | "tag"): Promise<GitObject> {
  const known = /^[0-9a-f]{40}$/.test(sha) && (await objectType(repository.directory, sha)) === type;
  if (!known) throw notFound();
  return readObject(repository.directory, sha);
}

const tagRequest = z.object({
  tag: z.string().regex(/^[^\s\0]+$/),
  message: z.string(),
  object: z.string().regex(/^[0-9a-f]{40}$/),
  type: z.enum(["commit", "tree", "blob"]),
});

/** Writes a tag object only: it needs a ref to be seen. */
async function createTag(call: RepositoryCall): Promise<Answer> {
  const { account } = requireAuthor(call);
  const { directory } = call.repository;
  const { object, type, tag, message } = parseBody(call, tagRequest);
  if ((await objectType(directory, object)) !== type) throw unprocessable("Object does not exist");
  const sha = await writeTag(directory, {
    object,
    type,
    tag,
    message,
    tagger: account,
    date: call.world.now(),
  });
  return { status: 201, body: tagShape(call.world.urls, call.repository, await readObject(directory, sha)) };
}
