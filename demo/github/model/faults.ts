import type { EventName } from "./app.ts";
import { createSecondaryLimits, type SecondaryLimit, type SecondaryLimits } from "./secondary-limits.ts";

/**
 * What to do to a matching HTTP request (REST or git):
 * - `respond`: answer so, without doing anything;
 * - `drop`: close the socket, without doing anything;
 * - `lose`: do it, then close the socket instead of answering;
 * - `hold`: let `around` do it when it sees fit; `gone` resolves when the client has hung up.
 */
export type RequestEffect =
  | {
      readonly kind: "respond";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly message?: string;
    }
  | { readonly kind: "drop" }
  | { readonly kind: "lose" }
  | {
      readonly kind: "hold";
      readonly around: (answer: () => Promise<void>, gone: Promise<void>) => Promise<void>;
    };

export interface RequestFault {
  readonly method?: string;
  /** Tested against the path and query, e.g. `/api/v3/repos/acme/shop/check-runs` or `/acme/shop.git/git-receive-pack`. */
  readonly path?: RegExp;
  readonly effect: RequestEffect;
  /** How many requests it hits; 1 unless told. */
  readonly times?: number;
}

/**
 * What to do to a matching delivery:
 * - `drop`: lost for good, not even logged;
 * - `withhold`: logged as failed (502), never reaching the App until somebody asks for a redelivery;
 * - `duplicate`: sent twice under one guid.
 */
export interface DeliveryFault {
  readonly event?: EventName;
  readonly repositoryId?: number;
  readonly effect: "drop" | "withhold" | "duplicate";
  /** How many deliveries it hits; 1 unless told. */
  readonly times?: number;
}

/** What a delivery is known by; the repository is null for an event that belongs to none. */
export interface Addressed {
  readonly event: EventName;
  readonly repositoryId: number | null;
}

/** Faults to inject. The oldest that matches is used, then counted down. */
export interface Faults {
  readonly onRequest: (fault: RequestFault) => void;
  readonly onDelivery: (fault: DeliveryFault) => void;
  /** Refuses REST requests by GitHub's secondary limit from the next one on; see there. */
  readonly limit: (limit: SecondaryLimit) => void;
  readonly clear: () => void;
  readonly takeRequest: (method: string, path: string) => RequestEffect | undefined;
  readonly takeDelivery: (parcel: Addressed) => DeliveryFault["effect"] | undefined;
  readonly wait: SecondaryLimits["wait"];
}

/** An empty set of faults. */
export function createFaults(now: () => Date): Faults {
  const requests = new Countdown<RequestFault>();
  const deliveries = new Countdown<DeliveryFault>();
  const limits = createSecondaryLimits(now);
  return {
    onRequest: (fault) => requests.add(fault),
    onDelivery: (fault) => deliveries.add(fault),
    limit: limits.add,
    clear: () => {
      requests.clear();
      deliveries.clear();
      limits.clear();
    },
    takeRequest: (method, path) => requests.take((fault) => matchesRequest(fault, method, path))?.effect,
    takeDelivery: (parcel) => deliveries.take((fault) => matchesDelivery(fault, parcel))?.effect,
    wait: limits.wait,
  };
}

function matchesRequest(fault: RequestFault, method: string, path: string): boolean {
  return (fault.method ?? method) === method && (fault.path === undefined || path.search(fault.path) >= 0);
}

function matchesDelivery(fault: DeliveryFault, { event, repositoryId }: Addressed): boolean {
  return (fault.event ?? event) === event && (fault.repositoryId ?? repositoryId) === repositoryId;
}

class Countdown<Fault extends { readonly times?: number }> {
  #left: { readonly fault: Fault; times: number }[] = [];

  add(fault: Fault): void {
    this.#left.push({ fault, times: fault.times ?? 1 });
  }

  clear(): void {
    this.#left = [];
  }

  take(matches: (fault: Fault) => boolean): Fault | undefined {
    const hit = this.#left.find(({ fault }) => matches(fault));
    if (hit === undefined) return undefined;
    hit.times -= 1;
    if (hit.times === 0) this.#left = this.#left.filter((entry) => entry !== hit);
    return hit.fault;
  }
}
