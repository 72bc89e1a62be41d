import type { Deployment, DeploymentStatus } from "../model/deployment.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";
import { accountShape } from "./account.ts";
import { appShape } from "./app.ts";
import { nodeId, type Schemas } from "./schemas.ts";

/** `deployment`. */
export function deploymentShape(urls: Urls, repository: Repository, deployment: Deployment) {
  const { id, sha, ref, task, environment, description, createdAt, statuses } = deployment;
  const url = deploymentUrl(urls, repository, deployment);
  return {
    url,
    id,
    node_id: nodeId("Deployment", id),
    sha,
    ref,
    task,
    payload: deployment.payload,
    original_environment: environment,
    environment,
    description,
    creator: accountShape(urls, deployment.creator),
    created_at: createdAt,
    updated_at: statuses.at(-1)?.createdAt ?? createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: `${urls.api}/repos/${repository.fullName}`,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: deployment.app === null ? null : appShape(urls, deployment.app),
  } satisfies Schemas["deployment"];
}

/** `deployment-status`. */
export function deploymentStatusShape(
  urls: Urls,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
) {
  const url = deploymentUrl(urls, repository, deployment);
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", status.id),
    state: status.state,
    creator: accountShape(urls, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    log_url: status.logUrl,
    environment_url: status.environmentUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: `${urls.api}/repos/${repository.fullName}`,
    performed_via_github_app: status.app === null ? null : appShape(urls, status.app),
  } satisfies Schemas["deployment-status"];
}

function deploymentUrl(urls: Urls, { fullName }: Repository, { id }: Deployment): string {
  return `${urls.api}/repos/${fullName}/deployments/${id}`;
}
