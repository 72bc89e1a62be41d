import type { Repository } from "../model/repository.ts";
import { type Html, html } from "./html.ts";

const colours: Readonly<Record<string, string>> = {
  success: "good",
  open: "good",
  merged: "good",
  failure: "bad",
  error: "bad",
  timed_out: "bad",
  action_required: "bad",
  queued: "busy",
  in_progress: "busy",
  pending: "busy",
};

/** A state as a coloured label. */
export function stateLabel(state: string): Html {
  return html`<span class="state ${colours[state] ?? "dull"}">${state.replaceAll("_", " ")}</span>`;
}

/** A commit's short name, linked to its page. */
export function commitLink({ fullName }: Repository, sha: string): Html {
  return html`<a href="/${fullName}/commit/${sha}"><code>${sha.slice(0, 8)}</code></a>`;
}

/** A button that posts to an address, with hidden fields. */
export function button(action: string, label: string, fields: Readonly<Record<string, string>> = {}): Html {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form method="post" action="${action}">${hidden}<button>${label}</button></form>`;
}

/** A heading and a table; a sentence instead of a table without rows. */
export function tableSection(
  heading: string,
  columns: readonly string[],
  rows: readonly (readonly Html[])[],
): Html {
  if (rows.length === 0) return html`<h2>${heading}</h2><p class="dull">None yet.</p>`;
  return html`<h2>${heading}</h2>
<table><thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`;
}
