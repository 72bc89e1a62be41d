import { listCommits } from "../git/history.ts";
import { readObjects } from "../git/object.ts";
import type { PullRequest } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import { html } from "./html.ts";
import type { PageContent } from "./layout.ts";
import { button, commitLink, stateLabel, tableSection } from "./parts.ts";

/** One pull request, with its commits and comments. */
export async function pullPage(repository: Repository, pull: PullRequest): Promise<PageContent> {
  const { directory, fullName } = repository;
  const shas = await listCommits(directory, { from: [pull.baseSha], to: pull.headSha });
  const commits = await readObjects(directory, shas);
  const rows = commits.map(({ sha, message }) => [
    commitLink(repository, sha),
    html`${message.split("\n")[0]}`,
  ]);
  const comments = [...repository.comments.values()].filter(({ number }) => number === pull.number);
  const body = html`
<p>${stateLabel(pull.merge === null ? pull.state : "merged")} ${pull.author.login}:
 <code>${pull.headBranch}</code> → <code>${pull.baseBranch}</code> · <a href="/${fullName}">${fullName}</a></p>
${pull.state === "open" ? button(`/${fullName}/pull/${pull.number}/merge`, "Merge") : null}
${pull.body === null ? null : html`<pre>${pull.body}</pre>`}
${tableSection("Commits", ["Commit", "Subject"], rows)}
${comments.map(({ author, body: text }) => html`<h2>${author.login}</h2><pre>${text}</pre>`)}`;
  return { title: `#${pull.number} ${pull.title}`, body };
}
