import type { App, EventName } from "./app.ts";

/** One try to hand an event to an App, as its delivery log shows it. */
export interface Delivery {
  readonly id: number;
  /** The same for every try of the same event. */
  readonly guid: string;
  readonly app: App;
  readonly event: EventName;
  readonly action: string | null;
  readonly deliveredAt: string;
  readonly durationSeconds: number;
  readonly redelivery: boolean;
  /** `OK`, or why it failed, in GitHub's words. */
  readonly status: string;
  readonly statusCode: number;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly payload: Payload };
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly payload: string | null };
}

export type Payload = Readonly<Record<string, unknown>>;
