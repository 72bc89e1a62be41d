import { randomBytes } from "node:crypto";
import { z } from "zod";
import { requireApp, requireInstallation, requireItem } from "../auth/authorize.ts";
import { notFound, unprocessable } from "../http/api-error.ts";
import { type Call, parameter, parseBody } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import {
  grants,
  type Installation,
  type InstallationToken,
  type Permissions,
  permissionNames,
  reaches,
} from "../model/app.ts";
import type { Repository } from "../model/repository.ts";
import { findRepository } from "../model/world.ts";
import { appShape, installationShape, tokenShape } from "../shapes/app.ts";
import { repositoryShape } from "../shapes/repository.ts";

const tokenLifeMilliseconds = 3_600_000;

/** An App about itself: its installations and their tokens. */
export const appRoutes: readonly Route[] = [
  { method: "GET", template: "/app", handle: getApp },
  { method: "GET", template: "/app/installations", handle: listInstallations },
  { method: "GET", template: "/app/installations/{installation_id}", handle: getInstallation },
  { method: "POST", template: "/app/installations/{installation_id}/access_tokens", handle: createToken },
  { method: "GET", template: "/repos/{owner}/{repo}/installation", handle: getRepositoryInstallation },
  { method: "GET", template: "/installation/repositories", handle: listRepositories },
];

function getApp(call: Call): Answer {
  const app = requireApp(call);
  return {
    status: 200,
    body: { ...appShape(call.world.urls, app), installations_count: installations(call).length },
  };
}

function listInstallations(call: Call): Answer {
  const { items, headers } = paginate(call, installations(call));
  return { status: 200, headers, body: items.map((item) => installationShape(call.world.urls, item)) };
}

function getInstallation(call: Call): Answer {
  return { status: 200, body: installationShape(call.world.urls, ownInstallation(call)) };
}

function getRepositoryInstallation(call: Call): Answer {
  const repository = findRepository(call.world, `${parameter(call, "owner")}/${parameter(call, "repo")}`);
  const found = installations(call).find(
    ({ repositoryIds }) => repository && repositoryIds.has(repository.id),
  );
  if (found === undefined) throw notFound();
  return { status: 200, body: installationShape(call.world.urls, found) };
}

function installations(call: Call): readonly Installation[] {
  const app = requireApp(call);
  return [...call.world.installations.values()].filter((installation) => installation.app === app);
}

function ownInstallation(call: Call): Installation {
  const app = requireApp(call);
  const installation = requireItem(call, call.world.installations, "installation_id");
  if (installation.app !== app) throw notFound();
  return installation;
}

function listRepositories(call: Call): Answer {
  const token = requireInstallation(call);
  const all = [...call.world.repositories.values()].filter(({ id }) => reaches(token, id));
  const { items, headers } = paginate(call, all);
  const repositories = items.map((repository) => repositoryShape(call.world.urls, repository));
  return {
    status: 200,
    headers,
    body: { total_count: all.length, repository_selection: "selected", repositories },
  };
}

const tokenRequest = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.int()).optional(),
  permissions: z.partialRecord(z.enum(permissionNames), z.enum(["read", "write"])).optional(),
});

function createToken(call: Call): Answer {
  const installation = ownInstallation(call);
  const wanted = parseBody(call, tokenRequest);
  const repositories = chooseRepositories(call, installation, wanted);
  const token: InstallationToken = {
    token: `ghs_${randomBytes(18).toString("hex")}`,
    installation,
    expiresAt: new Date(call.world.now().getTime() + tokenLifeMilliseconds),
    permissions: choosePermissions(installation.app.permissions, wanted.permissions),
    repositoryIds: repositories === undefined ? "all" : new Set(repositories.map(({ id }) => id)),
  };
  call.world.installationTokens.set(token.token, token);
  return { status: 201, body: tokenShape(call.world.urls, token, repositories) };
}

/** The repositories asked for, all of which the installation must cover; undefined if none were named. */
function chooseRepositories(
  { world }: Call,
  { account, repositoryIds }: Installation,
  { repositories, repository_ids }: z.infer<typeof tokenRequest>,
): readonly Repository[] | undefined {
  if (repositories === undefined && repository_ids === undefined) return undefined;
  const byName = (repositories ?? []).map((name) => findRepository(world, `${account.login}/${name}`));
  const byId = (repository_ids ?? []).map((id) => world.repositories.get(id));
  return [...byName, ...byId].map((repository) => {
    if (repository !== undefined && repositoryIds.has(repository.id)) return repository;
    throw unprocessable(
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  });
}

/** The permissions asked for, none of which may go beyond what the App was granted. */
function choosePermissions(
  granted: Permissions,
  wanted: z.infer<typeof tokenRequest>["permissions"],
): Permissions {
  if (wanted === undefined) return granted;
  const { workflows, ...others } = wanted;
  const excess = permissionNames.some(
    (name) => wanted[name] !== undefined && !grants(granted, name, wanted[name]),
  );
  if (excess || workflows === "read") {
    throw unprocessable("The permissions requested are not granted to this installation.");
  }
  return workflows === undefined ? others : { ...others, workflows };
}
