import { type DescribedRef, describeRefs } from "../git/describe.ts";
import { latestRuns } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import { type Html, html } from "./html.ts";
import type { PageContent } from "./layout.ts";
import { button, commitLink, stateLabel, tableSection } from "./parts.ts";
import { runButtons, runState } from "./run-page.ts";

const refreshSeconds = 5;
const mostRows = 40;

/** Everything about a repository on one page. */
export async function repositoryPage(repository: Repository): Promise<PageContent> {
  const [branches, tags] = await Promise.all([
    describeRefs(repository.directory, "refs/heads"),
    describeRefs(repository.directory, "refs/tags"),
  ]);
  const body = html`
${refSection("Branches", repository, branches)}
${pullSection(repository)}
${runSection(repository)}
${refSection("Tags", repository, tags.slice(0, mostRows))}
${deploymentSection(repository)}`;
  return { title: repository.fullName, body, refresh: refreshSeconds };
}

function refSection(heading: string, repository: Repository, refs: readonly DescribedRef[]): Html {
  const rows = refs.map(({ name, target, subject }) => [
    html`<code>${name}</code>`,
    commitLink(repository, target),
    html`${subject}`,
  ]);
  return tableSection(heading, ["Name", "Commit", "Subject"], rows);
}

function pullSection({ fullName, pullRequests }: Repository): Html {
  const rows = [...pullRequests.values()]
    .toReversed()
    .slice(0, mostRows)
    .map((pull) => [
      html`<a href="/${fullName}/pull/${pull.number}">#${pull.number} ${pull.title}</a>`,
      html`<code>${pull.headBranch}</code> → <code>${pull.baseBranch}</code>`,
      html`${pull.author.login}`,
      stateLabel(pull.merge === null ? pull.state : "merged"),
      pull.state === "open" ? button(`/${fullName}/pull/${pull.number}/merge`, "Merge") : html``,
    ]);
  return tableSection("Pull requests", ["Title", "Branches", "Author", "State", ""], rows);
}

function runSection(repository: Repository): Html {
  const runs = latestRuns([...repository.checkRuns.values()])
    .toReversed()
    .slice(0, mostRows);
  const rows = runs.map((run) => [
    html`<a href="/${repository.fullName}/runs/${run.id}">${run.name}</a>`,
    commitLink(repository, run.suite.headSha),
    stateLabel(runState(run)),
    html`${run.title}`,
    runButtons(repository, run),
  ]);
  return tableSection("Check runs", ["Name", "Commit", "State", "Title", ""], rows);
}

function deploymentSection(repository: Repository): Html {
  const rows = [...repository.deployments.values()]
    .toReversed()
    .slice(0, mostRows)
    .map((deployment) => [
      html`${deployment.environment}`,
      commitLink(repository, deployment.sha),
      stateLabel(deployment.statuses.at(-1)?.state ?? "pending"),
      html`${deployment.statuses.at(-1)?.description ?? deployment.description}`,
    ]);
  return tableSection("Deployments", ["Environment", "Commit", "State", "Description"], rows);
}
