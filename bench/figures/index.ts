import type { Bench } from "../harness/figure.ts";
import { ack } from "./ack/ack.ts";
import { fleet } from "./fleet/fleet.ts";
import { large } from "./large/large.ts";
import { loop } from "./loop.ts";
import { noop } from "./noop/noop.ts";
import { parallel } from "./parallel/parallel.ts";
import { peer } from "./peer/peer.ts";
import { rollback } from "./rollback.ts";

/** In the order in which they run. */
export const benches: readonly Bench[] = [loop, rollback, ack, noop, peer, parallel, large, fleet];
