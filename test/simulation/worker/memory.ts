import type { Memory } from "../../../jobs/services.ts";

/** What one worker process remembers; unlike the real one it forgets nothing until the process ends. */
export function createPlainMemory(): Memory {
  const newest = new Map<string, number>();
  const said = new Map<string, string>();
  const handled = new Set<string>();
  return {
    wasHandled: (delivery) => handled.has(delivery),
    rememberHandled: (delivery) => void handled.add(delivery),
    newest: (_, environment) => newest.get(environment),
    rememberNewest: (_, environment, number) => void newest.set(environment, number),
    isNews: ({ target }, text) => {
      if (said.get(target.environment) === text) return false;
      said.set(target.environment, text);
      return true;
    },
  };
}
