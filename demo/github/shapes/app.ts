import type { App, Installation, InstallationToken } from "../model/app.ts";
import type { Repository } from "../model/repository.ts";
import { isoSeconds, type Urls } from "../model/world.ts";
import { accountShape } from "./account.ts";
import { repositoryShape } from "./repository.ts";
import { nodeId, type Schemas } from "./schemas.ts";

/** `integration`: the App as everybody sees it. */
export function appShape(urls: Urls, app: App) {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: accountShape(urls, app.owner),
    name: app.slug,
    description: null,
    external_url: urls.web,
    html_url: `${urls.web}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: { metadata: "read" as const, ...app.permissions },
    events: [...app.events],
  } satisfies Schemas["integration"];
}

/** `installation`. */
export function installationShape(urls: Urls, { id, app, account, createdAt }: Installation) {
  return {
    id,
    account: accountShape(urls, account),
    repository_selection: "selected" as const,
    access_tokens_url: `${urls.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${urls.api}/installation/repositories`,
    html_url: `${urls.web}/organizations/${account.login}/settings/installations/${id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { metadata: "read" as const, ...app.permissions },
    events: [...app.events],
    created_at: createdAt,
    updated_at: createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  } satisfies Schemas["installation"];
}

/** `simple-installation`, as events of a repository carry it. */
export function installationSummary({ id }: Installation) {
  return { id, node_id: nodeId("Installation", id) };
}

/** `installation-token`. Repositories are named only if the token is limited to some. */
export function tokenShape(
  urls: Urls,
  { token, expiresAt, permissions }: InstallationToken,
  repositories: readonly Repository[] | undefined,
) {
  return {
    token,
    expires_at: isoSeconds(expiresAt),
    permissions: { metadata: "read" as const, ...permissions },
    repository_selection: "selected" as const,
    ...(repositories && {
      repositories: repositories.map((repository) => repositoryShape(urls, repository)),
    }),
  } satisfies Schemas["installation-token"];
}
