import { z } from "zod";
import type { Author } from "../auth/actor.ts";
import { requireAuthor, requireItem } from "../auth/authorize.ts";
import { parseBody } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import type { Deployment, DeploymentStatus } from "../model/deployment.ts";
import { timestamp } from "../model/world.ts";
import { deploymentShape, deploymentStatusShape } from "../shapes/deployment.ts";
import { emit } from "../webhooks/emit.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** How a Deployment goes. */
export const deploymentStatusRoutes: readonly Route[] = [
  repositoryRoute("GET", "/deployments/{deployment_id}/statuses", reads("deployments"), listStatuses),
  repositoryRoute("POST", "/deployments/{deployment_id}/statuses", writes("deployments"), createStatus),
];

function listStatuses(call: RepositoryCall): Answer {
  const deployment = requireItem(call, call.repository.deployments, "deployment_id");
  const { items, headers } = paginate(call, deployment.statuses.toReversed());
  const shape = (status: DeploymentStatus) => shapeOf(call, deployment, status);
  return { status: 200, headers, body: items.map(shape) };
}

function shapeOf({ world, repository }: RepositoryCall, deployment: Deployment, status: DeploymentStatus) {
  return deploymentStatusShape(world.urls, repository, deployment, status);
}

const address = z.union([z.url(), z.literal("")]).optional();
const creation = z.object({
  state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]),
  target_url: address,
  log_url: address,
  description: z.string().max(140).default(""),
  environment: z.string().optional(),
  environment_url: address,
  auto_inactive: z.boolean().default(true),
});
type Creation = z.infer<typeof creation>;

function createStatus(call: RepositoryCall): Answer {
  const author = requireAuthor(call);
  const deployment = requireItem(call, call.repository.deployments, "deployment_id");
  const wanted = parseBody(call, creation);
  const status = addStatus(call, author, deployment, wanted);
  if (wanted.state === "success" && wanted.auto_inactive)
    retireOthers(call, author, deployment, status.environment);
  return { status: 201, body: shapeOf(call, deployment, status) };
}

function addStatus(
  call: RepositoryCall,
  { account, app }: Author,
  deployment: Deployment,
  { state, description, environment, ...urls }: Partial<Creation> & Pick<Creation, "state">,
): DeploymentStatus {
  const status: DeploymentStatus = {
    id: call.world.nextId(),
    state,
    creator: account,
    app,
    description: description ?? "",
    environment: environment ?? deployment.environment,
    logUrl: urls.log_url ?? urls.target_url ?? "",
    environmentUrl: urls.environment_url ?? "",
    createdAt: timestamp(call.world),
  };
  deployment.statuses.push(status);
  announce(call, account, deployment, status);
  return status;
}

function announce(
  call: RepositoryCall,
  sender: Author["account"],
  deployment: Deployment,
  status: DeploymentStatus,
) {
  const { world, repository } = call;
  const details = {
    deployment: deploymentShape(world.urls, repository, deployment),
    deployment_status: shapeOf(call, deployment, status),
  };
  emit(world, repository, { name: "deployment_status", action: "created", sender, details });
}

/** A success makes the earlier Deployments of its environment inactive, unless they are transient or production. */
function retireOthers(
  call: RepositoryCall,
  author: Author,
  successor: Deployment,
  environment: string,
): void {
  const earlier = [...call.repository.deployments.values()].filter(({ id }) => id < successor.id);
  for (const deployment of earlier) {
    const last = deployment.statuses.at(-1)?.state;
    if (deployment.environment !== environment || deployment.transient || deployment.production) continue;
    if (last !== undefined && last !== "inactive") addStatus(call, author, deployment, { state: "inactive" });
  }
}
