import { RequestError } from "@octokit/request-error";
import { LRUCache } from "lru-cache";
import type { GitHubClient } from "./client.ts";

const remembered = new LRUCache<string, number>({ max: 5000, ttl: 3600_000 });

/**
 * The installation that gives access to a repository (`owner/name`); undefined: the App is not installed there. Asked
 * as the App, so it counts against no installation's rate limit.
 */
export async function findInstallation(app: GitHubClient, fullName: string): Promise<number | undefined> {
  const known = remembered.get(fullName);
  if (known !== undefined) return known;
  const [owner = "", repo = ""] = fullName.split("/");
  try {
    const { data } = await app.apps.getRepoInstallation({ owner, repo });
    if (data.suspended_at) return undefined;
    remembered.set(fullName, data.id);
    return data.id;
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return undefined;
    throw error;
  }
}

/** Look for it anew: the App may have been taken away and installed again since. */
export function forgetInstallation(fullName: string): void {
  remembered.delete(fullName);
}
