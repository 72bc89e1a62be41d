import type { Call } from "./call.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Answer {
  readonly status: number;
  /** Undefined for an answer without a body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: Method;
  /** As GitHub's OpenAPI description spells it, e.g. `/repos/{owner}/{repo}/git/ref/{ref}`. */
  readonly template: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export interface Match<Kind = Route> {
  readonly route: Kind;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Parameters that may hold slashes. */
const greedy: ReadonlySet<string> = new Set(["ref", "path", "basehead", "branch"]);

/** Finds the first route for a method and a path. */
export function createRouter<Kind extends Pick<Route, "method" | "template">>(
  routes: readonly Kind[],
): (method: string, path: string) => Match<Kind> | undefined {
  const compiled = routes.map((route) => ({ route, pattern: compile(route.template) }));
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      const match = route.method === method ? pattern.exec(path) : null;
      if (match !== null) return { route, parameters: decodeAll(match.groups ?? {}) };
    }
    return undefined;
  };
}

function compile(template: string): RegExp {
  const pattern = template.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => `(?<${name}>${greedy.has(name) ? ".+?" : "[^/]+"})`,
  );
  return new RegExp(`^${pattern}$`);
}

function decodeAll(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decode(value)]));
}

/** A path that is not valid percent-encoding is taken as it is: it will match nothing. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
