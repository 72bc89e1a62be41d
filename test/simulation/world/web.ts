import type { Registry } from "../../../adapters/registry/schema.ts";
import type { EventHandler, Handling } from "../../../app/events/handler.ts";
import { eventTable } from "../../../app/github-app.ts";
import { silentLog } from "../log.ts";
import type { Passage } from "../step.ts";
import { queuesPort } from "../worker/queues-port.ts";
import { createStraightThread } from "../worker/thread.ts";
import type { Delivery } from "./post.ts";
import { appId, botLogin, repositoryId, type World } from "./world.ts";

/** Brings a webhook to the web process: the product's own handlers, all at once or until they break. */
export async function deliver(world: World, delivery: Delivery, how: Passage): Promise<void> {
  if (how === "never") {
    delivery.state = "vanished";
    return;
  }
  const handler = (eventTable as Record<string, EventHandler>)[delivery.event];
  const heard = how !== "not" && handler && (await hear(world, handler, delivery, how));
  world.post.noteAttempt(delivery, heard === true, world.clock);
}

async function hear(world: World, handler: EventHandler, delivery: Delivery, how: Passage): Promise<boolean> {
  try {
    await handler({ id: delivery.guid, payload: delivery.payload }, handlingOf(world, how));
    return true;
  } catch (error) {
    if (how === "by-half") return false;
    throw error;
  }
}

function handlingOf(world: World, how: Passage): Handling {
  const queues = queuesPort(world, createStraightThread());
  return {
    queues: {
      noteEvent: queues.noteEvent,
      events: queues.events,
      wake: how === "by-half" ? () => Promise.reject(new Error("the queue does not answer")) : queues.wake,
    },
    registry: async () => registryOf(world),
    appId,
    isSelf: async (login) => login === botLogin,
    queueCheck: async ({ name, commit, externalId, title }) => {
      world.board.addCheck({
        name,
        commit,
        externalId,
        title,
        actions: [],
        status: "queued",
        conclusion: null,
      });
    },
    log: silentLog,
  };
}

const place = { type: "local", directory: "/nowhere" } as const;
const registries = new WeakMap<World, Registry>();

/** All environments of the one repository, each provisioned. */
export function registryOf(world: World): Registry {
  const known = registries.get(world);
  if (known) return known;
  const environments = [...world.environments];
  const bindings = environments.map(({ name }) => ({
    repositoryId,
    environment: name,
    backend: place,
    artifacts: place,
  }));
  const repositories = [{ id: repositoryId, fullName: "acme/shop" }];
  const registry: Registry = { version: 1, environments, repositories, bindings };
  registries.set(world, registry);
  return registry;
}
