import type { TreeEntry } from "../git/tree.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";

/** One entry of `content-directory`; with `encoding` and `content` it is a `content-file`. */
export function contentEntryShape(
  { api, web }: Urls,
  { fullName }: Repository,
  commit: string,
  entry: TreeEntry,
) {
  const { path, type, sha, size } = entry;
  const place = path.split("/").map(encodeURIComponent).join("/");
  const self = `${api}/repos/${fullName}/contents/${place}?ref=${commit}`;
  const git = `${api}/repos/${fullName}/git/${type === "dir" ? "trees" : "blobs"}/${sha}`;
  const html = `${web}/${fullName}/${type === "dir" ? "tree" : "blob"}/${commit}/${place}`;
  return {
    type,
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    sha,
    size,
    url: self,
    git_url: git,
    html_url: html,
    download_url: type === "dir" ? null : `${web}/${fullName}/raw/${commit}/${place}`,
    _links: { self, git, html },
  };
}
