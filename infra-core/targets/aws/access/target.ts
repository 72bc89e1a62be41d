import type { Place } from "../place.ts";
import { condition, type Statement } from "../policy.ts";
import { environmentTag } from "../session.ts";

/** The environment that deployments are let into. */
export interface Target {
  readonly place: Place;
  readonly environment: string;
  readonly boundaryArn: string;
}

/** What is being made carries this environment's tag from the first moment on. */
export const madeHere = ({ environment }: Target) =>
  condition("StringEquals", `aws:RequestTag/${environmentTag}`, environment);

/** What is there already carries this environment's tag. */
export const foundHere = ({ environment }: Target) =>
  condition("StringEquals", `aws:ResourceTag/${environmentTag}`, environment);

/** Actions on new things, which must be tagged as this environment's. */
export const make = (target: Target, sid: string, ...actions: string[]): Statement => ({
  sid,
  actions,
  resources: ["*"],
  condition: [madeHere(target)],
});

/** Actions on things that are there, which must be tagged as this environment's. */
export const change = (target: Target, sid: string, ...actions: string[]): Statement => ({
  sid,
  actions,
  resources: ["*"],
  condition: [foundHere(target)],
});

/**
 * Tagging in the very call that makes a thing (`createAction` is the service's condition key for that). Without it a
 * deployment could put its tag on somebody else's things, and then change them.
 */
export const tagNew = (target: Target, sid: string, action: string, createAction: string): Statement => ({
  sid,
  actions: [action],
  resources: ["*"],
  condition: [condition("Null", createAction, "false"), madeHere(target)],
});
