import { type FailureInput, WaymarkError } from "../../promotion/failure.ts";

/** Who keeps a state locked, from what Terraform prints about a lock. Plain text of the one who made the lock. */
export interface LockHolder {
  readonly id: string;
  /** `user@host`. */
  readonly who: string;
  /** When it was taken, as printed. */
  readonly since: string;
  /** Such as `apply`. */
  readonly operation: string;
}

/** A state is locked. */
export class StateLocked extends WaymarkError {
  readonly holder: LockHolder;

  constructor(input: FailureInput, holder: LockHolder) {
    super(input);
    this.holder = holder;
  }
}

/** Undefined when the message tells of no lock, or not of whose it is. */
export function lockHolderIn(message: string): LockHolder | undefined {
  const [, info] = message.split("Lock Info:");
  const field = (name: string) =>
    new RegExp(`^\\s*${name}:[ \\t]*(\\S.{0,199})$`, "m").exec(info ?? "")?.[1]?.trim();
  const [id, who, since] = [field("ID"), field("Who"), field("Created")];
  if (!id || !who || !since) return undefined;
  return { id, who, since: toSeconds(since), operation: operationOf(field("Operation")) };
}

/** `2026-11-21 06:12:33.340002781 +0000 UTC` says more than anybody needs. */
const toSeconds = (time: string): string => time.replace(/\.\d+/, "").replace(" +0000 UTC", " UTC");

const operationOf = (text: string | undefined): string =>
  (text ?? "").replace(/^OperationType/, "").toLowerCase() || "operation";
