import type { ObjectId } from "../../../promotion/object-id.ts";

/** A check run as GitHub keeps it. */
export interface BoardCheck {
  readonly id: number;
  readonly name: string;
  readonly commit: ObjectId;
  externalId: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  title: string;
  /** The identifiers of its buttons. */
  actions: readonly string[];
}

/** A Deployment as GitHub keeps it, with its states, oldest first. */
export interface BoardDeployment {
  readonly id: number;
  readonly commit: ObjectId;
  readonly environment: string;
  readonly payload: unknown;
  readonly states: string[];
}

/** What people see of Waymark on GitHub. */
export interface Board {
  readonly checks: readonly BoardCheck[];
  readonly deployments: readonly BoardDeployment[];
  /** Counts every write, so that it can be seen that nothing changed. */
  readonly writes: () => number;
  addCheck(check: Omit<BoardCheck, "id">): number;
  updateCheck(id: number, change: Partial<Omit<BoardCheck, "id" | "name" | "commit">>): void;
  addDeployment(deployment: Omit<BoardDeployment, "id" | "states">): number;
  addState(id: number, state: string): void;
}

export function createBoard(): Board {
  const checks: BoardCheck[] = [];
  const deployments: BoardDeployment[] = [];
  let writes = 0;
  return {
    checks,
    deployments,
    writes: () => writes,
    addCheck: (check) => {
      writes += 1;
      checks.push({ id: checks.length + 1, ...check });
      return checks.length;
    },
    updateCheck: (id, change) => {
      writes += 1;
      Object.assign(known(checks[id - 1]), change);
    },
    addDeployment: (deployment) => {
      writes += 1;
      deployments.push({ id: deployments.length + 1, states: [], ...deployment });
      return deployments.length;
    },
    addState: (id, state) => {
      writes += 1;
      known(deployments[id - 1]).states.push(state);
    },
  };
}

function known<T>(thing: T | undefined): T {
  if (thing === undefined) throw new Error("GitHub knows no such thing");
  return thing;
}
