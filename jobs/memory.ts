import { LRUCache } from "lru-cache";
import type { Memory } from "./services.ts";

const environments = 10_000;

export function createMemory(): Memory {
  const newest = new LRUCache<string, number>({ max: environments });
  const said = new LRUCache<string, string>({ max: environments });
  const handled = new LRUCache<string, true>({ max: environments });
  return {
    wasHandled: (delivery) => handled.has(delivery),
    rememberHandled: (delivery) => void handled.set(delivery, true),
    newest: ({ target }, environment) => newest.get(`${target.repositoryId}#${environment}`),
    rememberNewest: ({ target }, environment, number) => {
      newest.set(`${target.repositoryId}#${environment}`, number);
    },
    isNews: ({ target }, text) => {
      const key = `${target.repositoryId}#${target.environment}`;
      if (said.get(key) === text) return false;
      said.set(key, text);
      return true;
    },
  };
}
