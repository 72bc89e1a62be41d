import { createPublicKey } from "node:crypto";
import type { App, Installation, Permissions, SubscribableEvent } from "../model/app.ts";
import type { Repository } from "../model/repository.ts";
import { timestamp, type World } from "../model/world.ts";
import { installationShape } from "../shapes/app.ts";
import { repositorySummary } from "../shapes/repository.ts";
import { emitInstallation } from "../webhooks/emit.ts";
import { addAccount, existingAccount, ownerAccount } from "./accounts.ts";
import { existingRepository } from "./repositories.ts";

export interface AppSettings {
  /** The App's name in addresses; its bot is `<slug>[bot]`. */
  readonly slug: string;
  /** Public half of the App's RSA key, in PEM. */
  readonly publicKey: string;
  readonly webhookSecret: string;
  /** Where webhooks go, e.g. `http://127.0.0.1:3000/api/github/webhooks`. */
  readonly webhookUrl: string;
  readonly permissions: Permissions;
  readonly events: readonly SubscribableEvent[];
}

export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  readonly botLogin: string;
}

export interface Apps {
  /** Registers a GitHub App, which belongs to the organisation `github-apps`. */
  readonly createApp: (settings: AppSettings) => RegisteredApp;
  /** Sends an App's webhooks elsewhere from now on. */
  readonly setWebhookUrl: (app: Pick<RegisteredApp, "id">, url: string) => void;
  /**
   * Installs an App on repositories (`owner/name`) of one account, or adds them to its installation there, as
   * `sender`. Sends `installation` or `installation_repositories`.
   */
  readonly install: (
    app: Pick<RegisteredApp, "id">,
    account: string,
    repositories: readonly string[],
    sender?: string,
  ) => { readonly installationId: number };
  /** Takes repositories out of an installation. Sends `installation_repositories`. */
  readonly removeFromInstallation: (
    installationId: number,
    repositories: readonly string[],
    sender?: string,
  ) => void;
  /** Ends an installation and all its tokens. Sends `installation`. */
  readonly uninstall: (installationId: number, sender?: string) => void;
}

export function createApps(world: World): Apps {
  return {
    createApp: (settings) => registered(addApp(world, settings)),
    setWebhookUrl: ({ id }, url) => {
      existingApp(world, id).webhookUrl = url;
    },
    install: ({ id }, account, repositories, sender = account) => {
      const app = existingApp(world, id);
      return { installationId: install(world, app, { account, repositories, sender }).id };
    },
    removeFromInstallation: (id, repositories, sender) =>
      remove(world, existingInstallation(world, id), repositories, sender),
    uninstall: (id, sender) => uninstall(world, existingInstallation(world, id), sender),
  };
}

function registered({ id, slug, clientId, bot }: App): RegisteredApp {
  return { id, slug, clientId, botLogin: bot.login };
}

function addApp(world: World, { publicKey, ...settings }: AppSettings): App {
  const id = world.nextId();
  const app: App = {
    ...settings,
    id,
    clientId: `Iv23li${String(id).padStart(14, "0")}`,
    owner: ownerAccount(world, "github-apps"),
    bot: addAccount(world, `${settings.slug}[bot]`, "Bot"),
    publicKey: createPublicKey(publicKey),
    createdAt: timestamp(world),
  };
  world.apps.set(id, app);
  return app;
}

interface Wish {
  readonly account: string;
  readonly repositories: readonly string[];
  readonly sender: string;
}

function install(world: World, app: App, { account, repositories, sender }: Wish): Installation {
  const chosen = repositories.map((name) => existingRepository(world, name));
  const present = [...world.installations.values()].find(
    (it) => it.app === app && it.account.login === account,
  );
  const installation = present ?? addInstallation(world, app, account);
  const added = chosen.filter(({ id }) => !installation.repositoryIds.has(id));
  for (const { id } of added) installation.repositoryIds.add(id);
  if (present === undefined) announce(world, installation, "created", added, sender);
  else announceRepositories(world, installation, { added, removed: [], sender });
  return installation;
}

function addInstallation(world: World, app: App, account: string): Installation {
  const installation: Installation = {
    id: world.nextId(),
    app,
    account: existingAccount(world, account),
    repositoryIds: new Set(),
    createdAt: timestamp(world),
  };
  world.installations.set(installation.id, installation);
  return installation;
}

function remove(world: World, installation: Installation, names: readonly string[], sender?: string): void {
  const removed = names.map((name) => existingRepository(world, name));
  for (const { id } of removed) installation.repositoryIds.delete(id);
  announceRepositories(world, installation, { added: [], removed, sender });
}

function uninstall(world: World, installation: Installation, sender?: string): void {
  const repositories = [...installation.repositoryIds].flatMap((id) => world.repositories.get(id) ?? []);
  world.installations.delete(installation.id);
  announce(world, installation, "deleted", repositories, sender);
}

function announce(
  world: World,
  installation: Installation,
  action: "created" | "deleted",
  repositories: readonly Repository[],
  sender = installation.account.login,
): void {
  const details = {
    installation: installationShape(world.urls, installation),
    repositories: repositories.map(repositorySummary),
    requester: null,
  };
  emitInstallation(world, installation, {
    name: "installation",
    action,
    sender: existingAccount(world, sender),
    details,
  });
}

interface Moves {
  readonly added: readonly Repository[];
  readonly removed: readonly Repository[];
  readonly sender: string | undefined;
}

function announceRepositories(
  world: World,
  installation: Installation,
  { added, removed, sender }: Moves,
): void {
  const details = {
    installation: installationShape(world.urls, installation),
    repository_selection: "selected",
    repositories_added: added.map(repositorySummary),
    repositories_removed: removed.map(repositorySummary),
    requester: null,
  };
  emitInstallation(world, installation, {
    name: "installation_repositories",
    action: added.length > 0 ? "added" : "removed",
    sender: existingAccount(world, sender ?? installation.account.login),
    details,
  });
}

function existingApp(world: World, id: number): App {
  const app = world.apps.get(id);
  if (app === undefined) throw new Error(`no App ${id}`);
  return app;
}

function existingInstallation(world: World, id: number): Installation {
  const installation = world.installations.get(id);
  if (installation === undefined) throw new Error(`no installation ${id}`);
  return installation;
}
