import type { PullRequest } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";

/** `pull-request-minimal` of the open pull requests whose head is this commit. */
export function pullRequestsAt(urls: Urls, repository: Repository, sha: string) {
  const open = [...repository.pullRequests.values()].filter(
    ({ state, headSha }) => state === "open" && headSha === sha,
  );
  return open.map((pull) => minimalShape(urls, repository, pull));
}

function minimalShape(urls: Urls, { id, name, fullName }: Repository, pull: PullRequest) {
  const url = `${urls.api}/repos/${fullName}`;
  const repo = { id, name, url };
  return {
    id: pull.id,
    number: pull.number,
    url: `${url}/pulls/${pull.number}`,
    head: { ref: pull.headBranch, sha: pull.headSha, repo },
    base: { ref: pull.baseBranch, sha: pull.baseSha, repo },
  };
}
