import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** What a browser would show of Markdown, with HTML let through: hostile text must not even rely on GitHub's own filter. */
export interface Rendered {
  /** Element names, sorted. */
  readonly elements: readonly string[];
  /** The text inside of code spans. */
  readonly code: string;
  /** The text outside of them. */
  readonly prose: string;
}

const codeSpan = /<code>([^<]*)<\/code>/g;

export function render(markdown: string): Rendered {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const outside = html.replace(codeSpan, "<code></code>");
  const elements = [...outside.matchAll(/<([a-z0-9!?-]+)([^>]*)>/gi)].map(
    ([, name, rest]) => `${name}${rest}`,
  );
  return {
    elements: [...new Set(elements)].sort(),
    code: [...html.matchAll(codeSpan)].map(([, text]) => text).join("\n"),
    prose: outside.replace(/<[^>]*>/g, ""),
  };
}

/** All that Waymark's own reports are made of. */
export const ownElements = ["code", "li", "p", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"];
