import type { CheckRun } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import { type Html, html } from "./html.ts";
import type { PageContent } from "./layout.ts";
import { button, commitLink, stateLabel } from "./parts.ts";

/** One check run: what it says, and what one can ask of it. */
export function runPage(repository: Repository, run: CheckRun): PageContent {
  const details =
    run.detailsUrl === null ? null : html` · <a href="${run.detailsUrl}" rel="noreferrer">Details</a>`;
  const body = html`
<p>${stateLabel(runState(run))} on ${commitLink(repository, run.suite.headSha)} by ${run.suite.app.slug}
 · <a href="/${repository.fullName}">${repository.fullName}</a>${details}</p>
<p>${runButtons(repository, run)}</p>
${text("Title", run.title)}${text("Summary", run.summary)}${text("Text", run.text)}
${run.annotations.map(({ path, start_line, message }) => html`<p><code>${path}:${start_line}</code> ${message}</p>`)}`;
  return { title: run.name, body, refresh: 5 };
}

/** Its conclusion once it has one, its status before. */
export function runState(run: CheckRun): string {
  return run.conclusion ?? run.status;
}

/** Re-run, and the buttons that the App has put on the run. */
export function runButtons({ fullName }: Repository, run: CheckRun): Html {
  const address = `/${fullName}/runs/${run.id}`;
  const own = run.actions.map(({ label, identifier }) => button(`${address}/actions`, label, { identifier }));
  return html`${button(`${address}/rerequest`, "Re-run")} ${own}`;
}

function text(heading: string, content: string | null): Html {
  return content === null ? html`` : html`<h2>${heading}</h2><pre>${content}</pre>`;
}
