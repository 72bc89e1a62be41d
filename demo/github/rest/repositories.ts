import { readObject } from "../git/object.ts";
import { branchRef, readRef, readRefs } from "../git/refs.ts";
import { ApiError } from "../http/api-error.ts";
import { parameter } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import type { Role } from "../model/account.ts";
import { findAccount } from "../model/world.ts";
import { accountShape } from "../shapes/account.ts";
import { commitShape } from "../shapes/commit.ts";
import { fullRepositoryShape, permissions } from "../shapes/repository.ts";
import { type RepositoryCall, reads, repositoryRoute } from "./repository-route.ts";

/** A repository, who may do what in it, and its branches. */
export const repositoryRoutes: readonly Route[] = [
  repositoryRoute("GET", "", reads("metadata"), getRepository),
  repositoryRoute("GET", "/collaborators/{username}/permission", reads("metadata"), getPermission),
  repositoryRoute("GET", "/branches", reads("contents"), listBranches),
  repositoryRoute("GET", "/branches/{branch}", reads("contents"), getBranch),
];

function getRepository({ world, repository, actor }: RepositoryCall): Answer {
  const role = actor.kind === "user" ? repository.collaborators.get(actor.account.login) : undefined;
  return { status: 200, body: fullRepositoryShape(world.urls, repository, role) };
}

/** The older words, which know four permissions only. */
const legacy: Readonly<Record<Role, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
};

const nothing = { admin: false, maintain: false, push: false, triage: false, pull: false };

function getPermission(call: RepositoryCall): Answer {
  const login = parameter(call, "username");
  const account = findAccount(call.world, login);
  if (account?.type !== "User") throw new ApiError(404, `${login} is not a user`);
  const role = call.repository.collaborators.get(account.login);
  const role_name = role ?? "none";
  const user = {
    ...accountShape(call.world.urls, account),
    permissions: role === undefined ? nothing : permissions(role),
    role_name,
  };
  return { status: 200, body: { permission: role === undefined ? "none" : legacy[role], role_name, user } };
}

async function listBranches(call: RepositoryCall): Promise<Answer> {
  const refs = await readRefs(call.repository.directory, "refs/heads");
  const { items, headers } = paginate(call, [...refs]);
  const api = `${call.world.urls.api}/repos/${call.repository.fullName}`;
  const body = items.map(([ref, sha]) => {
    return {
      name: ref.slice("refs/heads/".length),
      commit: { sha, url: `${api}/commits/${sha}` },
      protected: false,
    };
  });
  return { status: 200, headers, body };
}

async function getBranch(call: RepositoryCall): Promise<Answer> {
  const { world, repository } = call;
  const name = parameter(call, "branch");
  const sha = await readRef(repository.directory, branchRef(name));
  if (sha === undefined) throw new ApiError(404, "Branch not found");
  const commit = commitShape(world, repository, await readObject(repository.directory, sha));
  const self = `${world.urls.api}/repos/${repository.fullName}/branches/${encodeURIComponent(name)}`;
  const html = `${world.urls.web}/${repository.fullName}/tree/${encodeURIComponent(name)}`;
  const protection = {
    enabled: false,
    required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
  };
  const body = {
    name,
    commit,
    _links: { self, html },
    protected: false,
    protection,
    protection_url: `${self}/protection`,
  };
  return { status: 200, body };
}
