import type { Account } from "../model/account.ts";
import type { Urls } from "../model/world.ts";
import { nodeId } from "./schemas.ts";

/** `simple-user`, which also serves as the fuller kinds of user. */
export function accountShape(urls: Urls, { id, login, type }: Account) {
  const url = `${urls.api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${urls.web}/avatars/${id}`,
    gravatar_id: "",
    url,
    html_url: `${urls.web}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
    user_view_type: "public",
  };
}

/** `organization-simple-webhooks`; undefined for an account that is no organisation. */
export function organizationShape(urls: Urls, { id, login, type }: Account) {
  if (type !== "Organization") return undefined;
  const url = `${urls.api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${urls.web}/avatars/${id}`,
    description: null,
  };
}
