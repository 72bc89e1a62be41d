import { type Html, html } from "./html.ts";
import type { PageCall } from "./page-call.ts";

export interface PageContent {
  readonly title: string;
  readonly body: Html;
  /** Seconds until the page loads itself again; never unless told. */
  readonly refresh?: number;
}

/** A whole document around a page's content. */
export function layout(call: PageCall, { title, body, refresh }: PageContent): string {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh === undefined ? null : html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title} · local GitHub</title>
<style>${{ html: style }}</style>
</head>
<body>
<header><a class="home" href="/">local GitHub</a>${chooser(call)}</header>
<main><h1>${title}</h1>${body}</main>
</body>
</html>`;
  return document.html;
}

/** Who one acts as when pressing a button. */
function chooser({ world, user, url }: PageCall): Html {
  const people = [...world.accounts.values()].filter(({ type }) => type === "User");
  const options = people.map(({ login }) => {
    return html`<option${login === user?.login ? html` selected` : null}>${login}</option>`;
  });
  return html`<form method="get" action="${url.pathname}"><label>acting as
    <select name="as">${options}</select></label> <button>Switch</button></form>`;
}

/** Escaping has no part in a style sheet: it holds nothing that came from outside. */
export const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #1a7f37; --bad: #cf222e; --busy: #9a6700; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; justify-content: space-between; align-items: center; padding: .6rem 1.5rem; border-bottom: 1px solid var(--line); background: var(--soft); }
main { max-width: 70rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
a { color: #0969da; text-decoration: none; } a:hover { text-decoration: underline; } .home { font-weight: 600; color: inherit; }
table { width: 100%; border-collapse: collapse; border: 1px solid var(--line); border-radius: 6px; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; background: var(--soft); }
code, pre { font: 13px/1.45 ui-monospace, monospace; } pre { white-space: pre-wrap; background: var(--soft); padding: .8rem; border-radius: 6px; }
form { display: inline; } button { font: inherit; padding: .15rem .7rem; border: 1px solid var(--line); border-radius: 6px; cursor: pointer; }
.state { display: inline-block; padding: 0 .55rem; border-radius: 1rem; border: 1px solid currentColor; font-size: .85em; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); } .dull { opacity: .7; }
`;
