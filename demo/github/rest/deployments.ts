import { z } from "zod";
import type { Author } from "../auth/actor.ts";
import { requireAuthor, requireItem } from "../auth/authorize.ts";
import { mergeDefaultBranch } from "../changes/merge-default-branch.ts";
import { resolveCommit } from "../git/history.ts";
import { ApiError, unprocessable } from "../http/api-error.ts";
import { parseBody } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import { hasPassed, latestRuns } from "../model/check.ts";
import type { Deployment } from "../model/deployment.ts";
import type { Repository } from "../model/repository.ts";
import { timestamp } from "../model/world.ts";
import { deploymentShape } from "../shapes/deployment.ts";
import { emit } from "../webhooks/emit.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** Deployments: what was, or is being, deployed where. */
export const deploymentRoutes: readonly Route[] = [
  repositoryRoute("GET", "/deployments", reads("deployments"), listDeployments),
  repositoryRoute("POST", "/deployments", writes("deployments"), createDeployment),
  repositoryRoute("GET", "/deployments/{deployment_id}", reads("deployments"), getDeployment),
];

function listDeployments(call: RepositoryCall): Answer {
  const { world, repository, query } = call;
  const filters = (["sha", "ref", "task", "environment"] as const).filter((name) => query.has(name));
  const matching = [...repository.deployments.values()]
    .filter((deployment) => filters.every((name) => deployment[name] === query.get(name)))
    .toReversed();
  const { items, headers } = paginate(call, matching);
  return { status: 200, headers, body: items.map((item) => deploymentShape(world.urls, repository, item)) };
}

function getDeployment(call: RepositoryCall): Answer {
  const deployment = requireItem(call, call.repository.deployments, "deployment_id");
  return { status: 200, body: deploymentShape(call.world.urls, call.repository, deployment) };
}

const creation = z.object({
  ref: z.string().min(1),
  task: z.string().default("deploy"),
  auto_merge: z.boolean().default(true),
  required_contexts: z.array(z.string()).nullish(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).default(""),
  environment: z.string().default("production"),
  description: z.string().max(140).nullish(),
  transient_environment: z.boolean().default(false),
  production_environment: z.boolean().optional(),
});
type Creation = z.infer<typeof creation>;

async function createDeployment(call: RepositoryCall): Promise<Answer> {
  const wanted = parseBody(call, creation);
  const author = requireAuthor(call);
  const { world, repository } = call;
  const sha = await resolveCommit(repository.directory, wanted.ref);
  if (sha === undefined) throw unprocessable(`No ref found for: ${wanted.ref}`);
  const merged = wanted.auto_merge && (await mergeDefaultBranch(world, repository, author, wanted.ref));
  if (merged)
    return {
      status: 202,
      body: { message: `Auto-merged ${repository.defaultBranch} into ${wanted.ref} on deployment.` },
    };
  requireChecks(repository, sha, wanted);
  const deployment = addDeployment(call, author, sha, wanted);
  return { status: 201, body: deploymentShape(world.urls, repository, deployment) };
}

/** Every check of the commit must have passed, or those that are named. */
function requireChecks(
  { checkRuns }: Repository,
  sha: string,
  { ref, required_contexts: named }: Creation,
): void {
  const runs = latestRuns([...checkRuns.values()].filter(({ suite }) => suite.headSha === sha));
  const contexts = named ?? runs.map(({ name }) => name);
  const missing = contexts.filter((context) => !runs.some((run) => run.name === context && hasPassed(run)));
  if (missing.length === 0) return;
  const errors = [{ contexts: missing, resource: "Deployment", field: "required_contexts", code: "invalid" }];
  throw new ApiError(409, `Conflict: Commit status checks failed for ${ref}.`, { errors });
}

function addDeployment(
  call: RepositoryCall,
  { account, app }: Author,
  sha: string,
  wanted: Creation,
): Deployment {
  const { world, repository } = call;
  const deployment: Deployment = {
    id: world.nextId(),
    sha,
    ref: wanted.ref,
    task: wanted.task,
    payload: wanted.payload,
    environment: wanted.environment,
    description: wanted.description ?? null,
    transient: wanted.transient_environment,
    production: wanted.production_environment ?? wanted.environment === "production",
    creator: account,
    app,
    createdAt: timestamp(world),
    statuses: [],
  };
  repository.deployments.set(deployment.id, deployment);
  const details = {
    deployment: deploymentShape(world.urls, repository, deployment),
    workflow: null,
    workflow_run: null,
  };
  emit(world, repository, { name: "deployment", action: "created", sender: account, details });
  return deployment;
}
