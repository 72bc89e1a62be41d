/** What makes one environment larger, or safer, than another. */
export interface Sizes {
  /** Second number of the network's addresses, 10.x.0.0/16: no two environments' networks overlap. */
  readonly network: number;
  readonly zones: number;
  /** One per zone, or one for all: then the others lose their way out with its zone. */
  readonly natGateways: number;
  readonly tasks: number;
  /** Of one task: 1024 is a processor; MiB. */
  readonly cpu: number;
  readonly memory: number;
  readonly database: DatabaseSizes;
  readonly logDays: number;
  /** Whether the load balancer and the database refuse to be deleted. */
  readonly protected: boolean;
}

export interface DatabaseSizes {
  readonly instance: string;
  /** GiB; it grows up to five times as much by itself. */
  readonly storage: number;
  /** Whether a copy in another zone takes over when the first one fails. */
  readonly standby: boolean;
  readonly backupDays: number;
}

const sizes: Readonly<Record<string, Sizes>> = {
  dev: {
    network: 10,
    zones: 2,
    natGateways: 1,
    tasks: 1,
    cpu: 256,
    memory: 512,
    database: { instance: "db.t4g.micro", storage: 20, standby: false, backupDays: 1 },
    logDays: 7,
    protected: false,
  },
  staging: {
    network: 20,
    zones: 2,
    natGateways: 1,
    tasks: 2,
    cpu: 256,
    memory: 512,
    database: { instance: "db.t4g.small", storage: 20, standby: false, backupDays: 7 },
    logDays: 30,
    protected: false,
  },
  prod: {
    network: 30,
    zones: 3,
    natGateways: 3,
    tasks: 3,
    cpu: 512,
    memory: 1024,
    database: { instance: "db.m7g.large", storage: 100, standby: true, backupDays: 30 },
    logDays: 365,
    protected: true,
  },
};

/** Throws an `Error` that names the environments that have sizes. */
export function sizesOf(environment: string): Sizes {
  const found = Object.hasOwn(sizes, environment) ? sizes[environment] : undefined;
  if (found !== undefined) return found;
  throw new Error(
    `sizes.ts has no sizes for the environment ${environment}, only for ${Object.keys(sizes).join(", ")}.`,
  );
}
