import type { FailureClass } from "../../../promotion/failure.ts";
import { code } from "./code.ts";
import { configuration } from "./configuration.ts";
import { conflict } from "./conflict.ts";
import { credentials } from "./credentials.ts";
import { lock } from "./lock.ts";
import type { Message } from "./message.ts";
import { quota } from "./quota.ts";
import { transient } from "./transient.ts";
import { unknown } from "./unknown.ts";

/** At least ten of each class: the class decides what is done about a failure. */
export const messages: Readonly<Record<FailureClass, readonly Message[]>> = {
  transient,
  lock,
  credentials,
  conflict,
  quota,
  configuration,
  code,
  unknown,
};
