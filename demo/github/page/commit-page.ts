import { parseSignature, readObject } from "../git/object.ts";
import { latestRuns } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import { html } from "./html.ts";
import type { PageContent } from "./layout.ts";
import { commitLink, stateLabel, tableSection } from "./parts.ts";
import { runButtons, runState } from "./run-page.ts";

/** One commit and the checks on it. */
export async function commitPage(repository: Repository, sha: string): Promise<PageContent> {
  const commit = await readObject(repository.directory, sha);
  const author = parseSignature(commit.header("author") ?? "");
  const runs = latestRuns([...repository.checkRuns.values()]).filter(({ suite }) => suite.headSha === sha);
  const rows = runs.map((run) => [
    html`<a href="/${repository.fullName}/runs/${run.id}">${run.name}</a>`,
    stateLabel(runState(run)),
    html`${run.title}`,
    runButtons(repository, run),
  ]);
  const body = html`
<p>${author.name}, ${author.date} · parents: ${commit.headers("parent").map((parent) => html`${commitLink(repository, parent)} `)}
 · <a href="/${repository.fullName}">${repository.fullName}</a></p>
<pre>${commit.message}</pre>
${tableSection("Check runs", ["Name", "State", "Title", ""], rows)}`;
  return { title: sha.slice(0, 8), body };
}
