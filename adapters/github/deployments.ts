import { z } from "zod";
import type { ObjectId } from "../../promotion/object-id.ts";
import { oneLine } from "../../promotion/report/markdown.ts";
import { makeOnce, unrepeated } from "./make-once.ts";
import { address, type GitHubRepository } from "./repository.ts";

/** GitHub refuses longer ones. */
const longestDescription = 140;

export type DeploymentState = "in_progress" | "success" | "failure" | "inactive";

/** GitHub's own picture of an attempt: what its Environments page shows. */
export interface DeploymentNote {
  readonly environment: string;
  readonly commit: ObjectId;
  /** The attempt's object id: one Deployment for each attempt, whoever writes it. */
  readonly attempt: string;
  readonly description: string;
}

const payload = z.object({ attempt: z.string() });

/** The attempt's Deployment, made when there is none yet; gives its id. */
export async function ensureDeployment(repository: GitHubRepository, note: DeploymentNote): Promise<number> {
  const find = (): Promise<number | undefined> => findDeployment(repository, note);
  return (await find()) ?? (await makeOnce(() => createDeployment(repository, note), find));
}

/** Adds a status. GitHub makes earlier deployments of the environment inactive by itself on success. */
export async function setDeploymentState(
  repository: GitHubRepository,
  id: number,
  state: DeploymentState,
  description: string,
): Promise<void> {
  await repository.client.repos.createDeploymentStatus({
    ...address(repository),
    deployment_id: id,
    state,
    description: oneLine(description, longestDescription),
  });
}

/** The Deployment's newest state; undefined before its first. */
export async function deploymentState(repository: GitHubRepository, id: number): Promise<string | undefined> {
  const { data } = await repository.client.repos.listDeploymentStatuses({
    ...address(repository),
    deployment_id: id,
    per_page: 1,
  });
  return data[0]?.state;
}

/** The id of the attempt's Deployment, if it was made before. */
export async function findDeployment(
  repository: GitHubRepository,
  note: Pick<DeploymentNote, "environment" | "commit" | "attempt">,
): Promise<number | undefined> {
  const { data } = await repository.client.repos.listDeployments({
    ...address(repository),
    sha: note.commit,
    environment: note.environment,
    per_page: 100,
  });
  return data.find((one) => payload.safeParse(parsed(one.payload)).data?.attempt === note.attempt)?.id;
}

/** GitHub would refuse while a check of the commit is pending, and ours is: so no context is required. */
async function createDeployment(repository: GitHubRepository, note: DeploymentNote): Promise<number> {
  const { data } = await repository.client.repos.createDeployment({
    ...address(repository),
    ref: note.commit,
    environment: note.environment,
    description: oneLine(note.description, longestDescription),
    payload: { attempt: note.attempt },
    auto_merge: false,
    required_contexts: [],
    request: unrepeated,
  });
  return z.object({ id: z.number() }).parse(data).id;
}

/** GitHub gives a payload back as it was sent: as an object, or as JSON text. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
