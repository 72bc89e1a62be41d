import type { Account } from "../model/account.ts";
import type { App, EventName, Installation } from "../model/app.ts";
import type { Payload } from "../model/delivery.ts";
import type { Repository } from "../model/repository.ts";
import { installationsOn, track, type World } from "../model/world.ts";
import { accountShape, organizationShape } from "../shapes/account.ts";
import { installationSummary } from "../shapes/app.ts";
import { pushedRepositoryShape, repositoryShape } from "../shapes/repository.ts";
import { deliver } from "./deliver.ts";

export interface RepositoryEvent {
  readonly name: EventName;
  /** Null for events that have none, such as `push`. */
  readonly action: string | null;
  readonly sender: Account;
  /** What this event has beside repository, sender and installation. */
  readonly details: Payload | Promise<Payload>;
  /** The one App it is for, subscribed or not; unless told, every App that has subscribed to it. */
  readonly to?: App;
}

/** Sends an event of a repository, in the background, after the events that came before it. */
export function emit(world: World, repository: Repository, event: RepositoryEvent): void {
  const receivers = installationsOn(world, repository).filter(({ app }) => receives(app, event));
  const common = commonPayload(world, repository, event);
  const send = async () => {
    const payload = { ...(await event.details), ...common };
    for (const installation of receivers) {
      await deliver(world, parcel(installation, repository, event, payload));
    }
  };
  void track(world, repository.outbox(send));
}

function receives(app: App, { name, to }: RepositoryEvent): boolean {
  return to === undefined ? app.events.some((subscribed) => subscribed === name) : app === to;
}

/** Taken when the event happens: the repository may look different once it is sent. */
function commonPayload(
  { urls }: World,
  repository: Repository,
  { name, action, sender }: RepositoryEvent,
): Payload {
  const shape = name === "push" ? pushedRepositoryShape : repositoryShape;
  const organization = organizationShape(urls, repository.owner);
  return {
    ...(action === null ? {} : { action }),
    repository: shape(urls, repository),
    ...(organization === undefined ? {} : { organization }),
    sender: accountShape(urls, sender),
  };
}

function parcel(
  installation: Installation,
  { id }: Repository,
  { name, action }: RepositoryEvent,
  payload: Payload,
) {
  return {
    app: installation.app,
    event: name,
    action,
    installationId: installation.id,
    repositoryId: id,
    payload: { ...payload, installation: installationSummary(installation) },
  };
}

/** Sends an event about an installation itself, in the background. */
export function emitInstallation(
  world: World,
  installation: Installation,
  event: Omit<RepositoryEvent, "details" | "to"> & { readonly details: Payload },
): void {
  const payload = {
    action: event.action,
    ...event.details,
    sender: accountShape(world.urls, event.sender),
  };
  const letter = {
    app: installation.app,
    event: event.name,
    action: event.action,
    installationId: installation.id,
    repositoryId: null,
    payload,
  };
  void track(
    world,
    world.outbox(() => deliver(world, letter)),
  );
}
