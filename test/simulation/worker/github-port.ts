import type { GitHubClient } from "../../../adapters/github/client.ts";
import type { BoardCheck } from "../world/board.ts";
import type { Delivery } from "../world/post.ts";
import { appId, installationId, repositoryId, type World } from "../world/world.ts";
import type { Thread } from "./thread.ts";

/** What Waymark asks of GitHub, and nothing else: whatever is missing here fails loudly. */
export function githubPort(world: World, thread: Thread): GitHubClient {
  const port = {
    paginate: Object.assign(
      (_endpoint: unknown, { ref, check_name }: { ref: string; check_name?: string }) =>
        thread.at({ what: "lists check runs", happen: () => listChecks(world, ref, check_name) }),
      { iterator: () => logPages(world, thread) },
    ),
    checks: checksPort(world, thread),
    repos: { ...deploymentsPort(world, thread), ...permissionsPort(thread) },
    apps: appsPort(world),
  };
  // The full type is that of a whole Octokit; a method that is not here is not called.
  return port as unknown as GitHubClient;
}

function listChecks({ board }: World, commit: string, name: string | undefined) {
  const listed = board.checks.filter(
    (check) => check.commit === commit && (name ?? check.name) === check.name,
  );
  return listed.map((check) => ({
    id: check.id,
    name: check.name,
    head_sha: check.commit,
    external_id: check.externalId,
    status: check.status,
    conclusion: check.conclusion,
    html_url: null,
    output: { title: check.title },
    app: { id: appId },
  }));
}

interface CheckFields {
  readonly external_id: string;
  readonly status: BoardCheck["status"];
  readonly conclusion?: string;
  readonly output: { readonly title: string };
  readonly actions?: readonly { readonly identifier: string }[];
}

function checksPort({ board }: World, thread: Thread) {
  return {
    listForRef: undefined,
    create: ({ name, head_sha, ...fields }: CheckFields & { name: string; head_sha: string }) =>
      thread.at({
        what: `makes the check run ${name} on ${head_sha}: ${fields.output.title}`,
        happen: () => ({ data: { id: board.addCheck({ name, commit: head_sha, ...checkState(fields) }) } }),
      }),
    update: ({ check_run_id, ...fields }: CheckFields & { check_run_id: number }) =>
      thread.at({
        what: `updates check run ${check_run_id}: ${fields.output.title}`,
        happen: () => board.updateCheck(check_run_id, checkState(fields)),
      }),
  };
}

function checkState({
  external_id,
  status,
  conclusion,
  output,
  actions = [],
}: CheckFields): Omit<BoardCheck, "id" | "name" | "commit"> {
  const buttons = actions.map(({ identifier }) => identifier);
  return {
    externalId: external_id,
    status,
    conclusion: conclusion ?? null,
    title: output.title,
    actions: buttons,
  };
}

function deploymentsPort({ board }: World, thread: Thread) {
  return {
    listDeployments: ({ sha, environment }: { sha: string; environment: string }) =>
      thread.at({
        what: "lists Deployments",
        happen: () => ({
          data: board.deployments.filter((one) => one.commit === sha && one.environment === environment),
        }),
      }),
    createDeployment: ({
      ref,
      environment,
      payload,
    }: {
      ref: string;
      environment: string;
      payload: unknown;
    }) =>
      thread.at({
        what: "makes a Deployment",
        happen: () => ({ data: { id: board.addDeployment({ commit: ref, environment, payload }) } }),
      }),
    listDeploymentStatuses: ({ deployment_id }: { deployment_id: number }) =>
      thread.at({
        what: "reads a Deployment's state",
        happen: () => ({ data: newestFirst(board.deployments[deployment_id - 1]?.states ?? []) }),
      }),
    createDeploymentStatus: ({ deployment_id, state }: { deployment_id: number; state: string }) =>
      thread.at({
        what: `says of Deployment ${deployment_id}: ${state}`,
        happen: () => board.addState(deployment_id, state),
      }),
  };
}

const newestFirst = (states: readonly string[]) => states.map((state) => ({ state })).reverse();

function permissionsPort(thread: Thread) {
  return {
    getCollaboratorPermissionLevel: ({ username }: { username: string }) =>
      thread.at({
        what: `asks what ${username} may do`,
        happen: () => ({ data: { role_name: username === "alice" ? "maintain" : "write" } }),
      }),
  };
}

/** GitHub's own log of our webhooks, newest first, on a single page. */
async function* logPages({ post }: World, thread: Thread) {
  const data = await thread.at({
    what: "reads GitHub's log of deliveries",
    happen: () =>
      [...post.log].reverse().map(({ id, delivery, ok }) => ({
        id,
        guid: delivery.guid,
        event: delivery.event.split(".")[0],
        repository_id: repositoryId,
        status_code: ok ? 200 : 503,
        delivered_at: "2026-01-01T00:00:00Z",
      })),
  });
  yield { data };
}

function appsPort({ post }: World) {
  const deliveryOf = (id: number): Delivery | undefined => post.log[id - 1]?.delivery;
  return {
    listWebhookDeliveries: undefined,
    getWebhookDelivery: async ({ delivery_id }: { delivery_id: number }) => ({
      data: { request: { payload: deliveryOf(delivery_id)?.payload } },
    }),
    redeliverWebhookDelivery: async ({ delivery_id }: { delivery_id: number }) => {
      const delivery = deliveryOf(delivery_id);
      if (delivery?.state === "failed") delivery.state = "waiting";
    },
    getRepoInstallation: async () => ({ data: { id: installationId, suspended_at: null } }),
  };
}
