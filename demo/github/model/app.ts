import type { KeyObject } from "node:crypto";
import type { Account } from "./account.ts";

/** Permissions a GitHub App can ask for, as far as this server knows them. */
export const permissionNames = [
  "actions",
  "administration",
  "checks",
  "contents",
  "deployments",
  "environments",
  "issues",
  "members",
  "metadata",
  "pull_requests",
  "repository_hooks",
  "statuses",
  "workflows",
] as const;
export type PermissionName = (typeof permissionNames)[number];
export type PermissionLevel = "read" | "write";
/** `workflows` is the one permission that can only be written with. */
export type Permissions = Readonly<
  Partial<Record<Exclude<PermissionName, "workflows">, PermissionLevel>> & { workflows?: "write" }
>;

/** Events an App can subscribe to. `installation` and `installation_repositories` always come. */
export const subscribableEvents = [
  "check_run",
  "check_suite",
  "create",
  "delete",
  "deployment",
  "deployment_status",
  "pull_request",
  "push",
] as const;
export type SubscribableEvent = (typeof subscribableEvents)[number];
export type EventName = SubscribableEvent | "installation" | "installation_repositories";

export interface App {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  readonly owner: Account;
  readonly bot: Account;
  readonly publicKey: KeyObject;
  readonly webhookSecret: string;
  webhookUrl: string;
  readonly permissions: Permissions;
  readonly events: readonly SubscribableEvent[];
  readonly createdAt: string;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  readonly repositoryIds: Set<number>;
  readonly createdAt: string;
}

/** A token is good for `repositoryIds`, or for whatever the installation covers at the time of use. */
export interface InstallationToken {
  readonly token: string;
  readonly installation: Installation;
  readonly expiresAt: Date;
  readonly permissions: Permissions;
  readonly repositoryIds: ReadonlySet<number> | "all";
}

/** True if `granted` includes `level` on `name`; every App may read metadata. */
export function grants(granted: Permissions, name: PermissionName, level: PermissionLevel): boolean {
  const held = granted[name] ?? (name === "metadata" ? "read" : undefined);
  return held === "write" || held === level;
}

/** True if a token of `installation` limited to `repositoryIds` reaches `repositoryId` now. */
export function reaches(token: InstallationToken, repositoryId: number): boolean {
  const covered = token.installation.repositoryIds.has(repositoryId);
  return covered && (token.repositoryIds === "all" || token.repositoryIds.has(repositoryId));
}
