import type { GitHubClient } from "./client.ts";

/** A repository that an installation gives access to. */
export interface InstalledRepository {
  readonly id: number;
  readonly fullName: string;
}

/** The ids of all installations that are not suspended. Asked as the App: counts against no installation's limit. */
export async function listInstallations(app: GitHubClient): Promise<readonly number[]> {
  const installations = await app.paginate(app.apps.listInstallations, { per_page: 100 });
  return installations.filter(({ suspended_at }) => !suspended_at).map(({ id }) => id);
}

/** The repositories of the installation that the client is signed in as. */
export async function listRepositories(client: GitHubClient): Promise<readonly InstalledRepository[]> {
  const repositories = await client.paginate(client.apps.listReposAccessibleToInstallation, {
    per_page: 100,
  });
  return repositories.map(({ id, full_name }) => ({ id, fullName: full_name }));
}
