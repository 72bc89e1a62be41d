import type { Call } from "./call.ts";

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The page that `per_page` (30, at most 100) and `page` ask for, with GitHub's `Link` header. */
export function paginate<Item>(call: Call, all: readonly Item[]): Page<Item> {
  const size = pageSize(call);
  const last = Math.max(1, Math.ceil(all.length / size));
  const page = positive(call.query.get("page")) ?? 1;
  const targets: Record<string, number> = {
    ...(page > 1 ? { prev: page - 1 } : {}),
    ...(page < last ? { next: page + 1, last } : {}),
    ...(page > 1 ? { first: 1 } : {}),
  };
  const links = Object.entries(targets).map(([rel, number]) => link(call, { page: String(number) }, rel));
  return { items: all.slice((page - 1) * size, page * size), headers: linkHeader(links) };
}

/** The page after `cursor`, for lists that are walked by cursor. `idOf` gives an item's place, newest first. */
export function paginateByCursor<Item>(
  call: Call,
  all: readonly Item[],
  idOf: (item: Item) => number,
): Page<Item> {
  const after = positive(call.query.get("cursor"));
  const rest = after === undefined ? all : all.filter((item) => idOf(item) < after);
  const items = rest.slice(0, pageSize(call));
  const last = items.at(-1);
  const more = last !== undefined && items.length < rest.length;
  return { items, headers: more ? linkHeader([link(call, { cursor: String(idOf(last)) }, "next")]) : {} };
}

function pageSize(call: Call): number {
  return Math.min(positive(call.query.get("per_page")) ?? 30, 100);
}

function positive(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

function link(call: Call, query: Readonly<Record<string, string>>, rel: string): string {
  const url = new URL(call.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return `<${url.href}>; rel="${rel}"`;
}

function linkHeader(links: readonly string[]): Readonly<Record<string, string>> {
  return links.length === 0 ? {} : { link: links.join(", ") };
}
