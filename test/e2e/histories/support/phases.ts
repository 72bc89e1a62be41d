import type { VersionOptions } from "./application.ts";
import type { Gate } from "./gate.ts";
import { holdFetch, holdPush } from "./hold.ts";
import type { Shop } from "./shop.ts";
import type { System } from "./system.ts";

/** A deployment that is about to begin: its first push waits at a gate. */
export interface Beginning {
  readonly system: System;
  readonly shop: Shop;
  readonly version: string;
  readonly gate: Gate;
}

/** A phase of a deployment in which a worker can be made to wait. */
export interface Phase {
  readonly name: string;
  version?(system: System, shop: Pick<Shop, "fullName">, version: string): VersionOptions;
  /** Lets the deployment begin; resolves once its worker waits in this phase. Gives what ends the phase. */
  reach(beginning: Beginning): Promise<() => Promise<void>>;
  /** Another worker has to wait until this phase of the one that died is over. */
  readonly adopted?: true;
  /** Lets the next attempt at the same commit go through this phase, if that takes anything. */
  again?(shop: Shop, goOn: () => Promise<void>): Promise<void>;
}

/** In the order in which a worker comes through. */
export const phases: readonly Phase[] = [
  { name: "begin", reach: ({ gate }) => waitAt(gate) },
  {
    name: "synth",
    version: () => ({ door: true }),
    reach: async ({ gate, shop: { runs } }) => {
      gate.open();
      const open = await runs.nextDoor();
      return async () => {
        await open();
        await runs.untilFile("stacks/shop/cdk.tf.json");
      };
    },
    again: async ({ runs }) => (await runs.nextDoor())(),
  },
  // Planned, but the refs are not read yet.
  { name: "fence", reach: ({ gate, shop }) => goOnTo(holdFetch(shop), gate) },
  {
    name: "apply",
    adopted: true,
    reach: async ({ gate, shop: { witness, runs }, version }) => {
      const held = await witness.hold("shop");
      gate.open();
      await held.reached(version);
      return async () => {
        await held.release();
        await runs.untilFile("stacks/shop/apply/exit");
      };
    },
  },
  {
    // The first stack is applied, the second one planned.
    name: "next fence",
    version: () => ({ stacks: ["base", "top"] }),
    reach: ({ gate, shop }) => goOnTo(holdFetch(shop, { after: 1 }), gate),
  },
  {
    name: "verify",
    version: (system, shop, version) => ({
      health: { url: system.health.url(shop.fullName, version), within: "10m" },
    }),
    reach: ({ gate, shop, system, version }) =>
      goOnTo(system.health.hold(system.health.url(shop.fullName, version)), gate),
    again: (_, goOn) => goOn(),
  },
  { name: "record", reach: ({ gate, shop }) => goOnTo(holdPush(shop), gate) },
  // All is recorded and said; what is left is the push that makes the journal point at the record.
  { name: "settle", reach: ({ gate, shop }) => goOnTo(holdPush(shop, { after: 1 }), gate) },
];

async function goOnTo(next: Gate, gate: Gate): Promise<() => Promise<void>> {
  gate.open();
  return await waitAt(next);
}

async function waitAt(gate: Gate): Promise<() => Promise<void>> {
  await gate.reached;
  return async () => {
    gate.open();
    await gate.passed;
  };
}
