import type { GitHubClient } from "./client.ts";

/** One repository as seen by one installation. */
export interface GitHubRepository {
  readonly client: GitHubClient;
  readonly installationId: number;
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** Where git finds it, as GitHub spells it. */
  readonly cloneUrl: string;
  /** Where people find it. */
  readonly webUrl: string;
}

/** The repository, found by its id: names change, ids do not. */
export async function findRepository(
  client: GitHubClient,
  installationId: number,
  repositoryId: number,
): Promise<GitHubRepository> {
  const { data } = await client.request("GET /repositories/{repository_id}", { repository_id: repositoryId });
  return {
    client,
    installationId,
    id: data.id,
    owner: data.owner.login,
    name: data.name,
    cloneUrl: data.clone_url,
    webUrl: data.html_url,
  };
}

/** Owner and name, as every call below /repos wants them. */
export function address(repository: GitHubRepository): { owner: string; repo: string } {
  return { owner: repository.owner, repo: repository.name };
}
