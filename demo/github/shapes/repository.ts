import { atLeast, type Role } from "../model/account.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";
import { accountShape } from "./account.ts";
import { nodeId } from "./schemas.ts";

/** `repository` and `minimal-repository`; as webhooks carry it, too. */
export function repositoryShape(urls: Urls, repository: Repository) {
  return {
    ...identity(urls, repository),
    ...links(`${urls.api}/repos/${repository.fullName}`),
    ...addresses(urls, repository),
    ...counts(repository),
    ...features,
    default_branch: repository.defaultBranch,
    pushed_at: repository.pushedAt,
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
  };
}

/** As `push` events carry it, and they alone: two of its moments are seconds since 1970. */
export function pushedRepositoryShape(urls: Urls, repository: Repository) {
  const { createdAt, pushedAt } = repository;
  const [created_at, pushed_at] = [createdAt, pushedAt].map((moment) => Date.parse(moment) / 1000);
  return { ...repositoryShape(urls, repository), created_at, pushed_at };
}

/** `full-repository`, with what the viewer may do. */
export function fullRepositoryShape(urls: Urls, repository: Repository, role: Role | undefined) {
  const { owner } = repository;
  return {
    ...repositoryShape(urls, repository),
    ...(owner.type === "Organization" ? { organization: accountShape(urls, owner) } : {}),
    ...(role === undefined ? {} : { permissions: permissions(role) }),
    subscribers_count: 0,
    network_count: 0,
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: false,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
  };
}

/** The short form that installation events carry. */
export function repositorySummary({ id, name, fullName }: Repository) {
  return { id, node_id: nodeId("Repository", id), name, full_name: fullName, private: true };
}

/** What a role may do, in the words of the legacy permissions. */
export function permissions(role: Role) {
  return {
    admin: role === "admin",
    maintain: atLeast(role, "maintain"),
    push: atLeast(role, "write"),
    triage: atLeast(role, "triage"),
    pull: true,
  };
}

function identity(urls: Urls, repository: Repository) {
  return {
    ...repositorySummary(repository),
    owner: accountShape(urls, repository.owner),
    description: null,
    homepage: null,
    language: null,
    license: null,
    mirror_url: null,
    fork: false,
    visibility: "private" as const,
  };
}

function addresses({ web, api }: Urls, { fullName }: Repository) {
  const site = `${web}/${fullName}`;
  const host = new URL(web).host;
  return {
    url: `${api}/repos/${fullName}`,
    html_url: site,
    clone_url: `${site}.git`,
    svn_url: site,
    git_url: `git://${host}/${fullName}.git`,
    ssh_url: `git@${new URL(web).hostname}:${fullName}.git`,
  };
}

function counts({ pullRequests }: Repository) {
  const open = [...pullRequests.values()].filter(({ state }) => state === "open").length;
  return {
    size: 0,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: open,
    open_issues_count: open,
  };
}

const features = {
  archived: false,
  disabled: false,
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_downloads: false,
  has_discussions: false,
  is_template: false,
  allow_forking: false,
  web_commit_signoff_required: false,
  topics: [],
};

function links(url: string) {
  return {
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
