import { pressAction, pressMerge, pressRerun } from "../changes/press.ts";
import type { Repository } from "../model/repository.ts";
import { track, type World } from "../model/world.ts";
import { redeliver } from "../webhooks/deliver.ts";
import { existingAccount } from "./accounts.ts";
import { existingRepository } from "./repositories.ts";

/** The buttons of GitHub's pages that REST does not have, or not for people. Each throws as the page would refuse. */
export interface Buttons {
  /** Merge on a pull request. */
  readonly pressMerge: (repository: string, number: number, login: string) => Promise<void>;
  /** Re-run on a check run: sends `check_run` (rerequested). */
  readonly pressRerun: (repository: string, checkRunId: number, login: string) => void;
  /** A button that the App put on its check run: sends `check_run` (requested_action). */
  readonly pressAction: (repository: string, checkRunId: number, identifier: string, login: string) => void;
  /** Redeliver, on the page of the App's deliveries. */
  readonly pressRedeliver: (deliveryId: number) => void;
}

export function createButtons(world: World): Buttons {
  const on = (name: string) => existingRepository(world, name);
  const person = (login: string) => existingAccount(world, login);
  return {
    pressMerge: (name, number, login) => pressMerge(world, on(name), person(login), number),
    pressRerun: (name, id, login) => pressRerun(world, on(name), person(login), existingRun(on(name), id)),
    pressAction: (name, id, identifier, login) => {
      pressAction(world, on(name), person(login), existingRun(on(name), id), identifier);
    },
    pressRedeliver: (id) => void track(world, redeliver(world, existingDelivery(world, id))),
  };
}

function existingDelivery({ deliveries }: World, id: number) {
  const delivery = deliveries.find((one) => one.id === id);
  if (delivery === undefined) throw new Error(`no delivery ${id}`);
  return delivery;
}

function existingRun({ checkRuns, fullName }: Repository, id: number) {
  const run = checkRuns.get(id);
  if (run === undefined) throw new Error(`${fullName} has no check run ${id}`);
  return run;
}
