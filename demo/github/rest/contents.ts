import { resolveCommit } from "../git/history.ts";
import { listFolder, readBlob, type TreeEntry } from "../git/tree.ts";
import { notFound } from "../http/api-error.ts";
import { parameter } from "../http/call.ts";
import type { Answer, Route } from "../http/router.ts";
import { contentEntryShape } from "../shapes/content.ts";
import { type RepositoryCall, reads, repositoryRoute } from "./repository-route.ts";

/** Files and folders as they are at a commit. */
export const contentRoutes: readonly Route[] = [
  repositoryRoute("GET", "/contents/{path}", reads("contents"), getContent),
  repositoryRoute("GET", "/contents", reads("contents"), getContent),
];

async function getContent(call: RepositoryCall): Promise<Answer> {
  const { directory, defaultBranch } = call.repository;
  const commit = await resolveCommit(directory, call.query.get("ref") ?? defaultBranch);
  if (commit === undefined) throw notFound();
  const path = (call.parameters.path === undefined ? "" : parameter(call, "path")).replace(/\/+$/, "");
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const siblings = await listFolder(directory, commit, folder);
  if (path === "") return { status: 200, body: siblings.map((entry) => shape(call, commit, entry)) };
  const entry = siblings.find((sibling) => sibling.path === path);
  if (entry === undefined) throw notFound();
  return { status: 200, body: await contentOf(call, commit, entry) };
}

async function contentOf(call: RepositoryCall, commit: string, entry: TreeEntry) {
  const { directory } = call.repository;
  if (entry.type === "dir") {
    const entries = await listFolder(directory, commit, entry.path);
    return entries.map((child) => shape(call, commit, child));
  }
  const content = Buffer.from(await readBlob(directory, entry.sha)).toString("base64");
  return { ...shape(call, commit, entry), encoding: "base64", content };
}

function shape({ world, repository }: RepositoryCall, commit: string, entry: TreeEntry) {
  return contentEntryShape(world.urls, repository, commit, entry);
}
