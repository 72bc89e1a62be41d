import type { Account } from "../model/account.ts";
import { type App, type InstallationToken, reaches } from "../model/app.ts";
import type { Repository } from "../model/repository.ts";

/** Who sends a request. */
export type Actor =
  | { readonly kind: "anonymous" }
  | { readonly kind: "user"; readonly account: Account }
  /** An App by its JWT: may speak about itself only. */
  | { readonly kind: "app"; readonly app: App }
  /** An App inside one installation. */
  | { readonly kind: "installation"; readonly token: InstallationToken };

/** An actor that may change something, under the name it does it. */
export interface Author {
  readonly account: Account;
  /** The App it acts through, if any. */
  readonly app: App | null;
}

/** A short name for logs and rate limits. */
export function nameOf(actor: Actor): string {
  if (actor.kind === "user") return `user:${actor.account.login}`;
  if (actor.kind === "app") return `app:${actor.app.id}`;
  if (actor.kind === "installation") return `installation:${actor.token.installation.id}`;
  return "anonymous";
}

/** The account an actor acts as; undefined for one that can't change anything. */
export function authorOf(actor: Actor): Author | undefined {
  if (actor.kind === "user") return { account: actor.account, app: null };
  if (actor.kind !== "installation") return undefined;
  const { app } = actor.token.installation;
  return { account: app.bot, app };
}

/** True if the repository exists as far as this actor can tell: every repository here is private. */
export function sees(actor: Actor, repository: Repository): boolean {
  if (actor.kind === "user") return repository.collaborators.has(actor.account.login);
  return actor.kind === "installation" && reaches(actor.token, repository.id);
}
