import type { Place } from "./scan.ts";

/** The pages at an address and all that they link to on the same site, each once. */
export async function webPages(start: readonly string[]): Promise<Place[]> {
  const places: Place[] = [];
  const waiting = [...start];
  const known = new Set(waiting);
  for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
    const content = await (await fetch(url)).text();
    places.push({ name: `page ${url}`, content });
    for (const link of linksOf(content, url)) {
      if (known.has(link)) continue;
      known.add(link);
      waiting.push(link);
    }
  }
  return places;
}

function linksOf(html: string, base: string): string[] {
  const links = [...html.matchAll(/href="([^"#]*)"/g)].map(([, href]) => new URL(href ?? "", base));
  return links.filter(({ origin }) => origin === new URL(base).origin).map(({ href }) => href);
}
