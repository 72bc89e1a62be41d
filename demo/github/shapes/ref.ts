import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";
import { nodeId, type Schemas } from "./schemas.ts";

/** `git-ref`. */
export function refShape(urls: Urls, { fullName }: Repository, ref: string, sha: string, type: string) {
  const git = `${urls.api}/repos/${fullName}/git`;
  return {
    ref,
    node_id: nodeId("Ref", `${fullName}:${ref}`),
    url: `${git}/${ref}`,
    object: { sha, type, url: `${git}/${type}s/${sha}` },
  } satisfies Schemas["git-ref"];
}
