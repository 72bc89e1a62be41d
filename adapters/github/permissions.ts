import { RequestError } from "@octokit/request-error";
import { address, type GitHubRepository } from "./repository.ts";

/** Does this person now have permission `maintain` or better? Somebody GitHub does not know has not. */
export async function mayMaintain(repository: GitHubRepository, login: string): Promise<boolean> {
  try {
    const { data } = await repository.client.repos.getCollaboratorPermissionLevel({
      ...address(repository),
      username: login,
    });
    return data.role_name === "admin" || data.role_name === "maintain";
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return false;
    throw error;
  }
}
