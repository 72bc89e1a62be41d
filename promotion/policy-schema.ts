import { z } from "zod";
import { modes } from "./mode.ts";

/** `90s`, `10m`, `2h` → seconds. */
const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,4}[smh]$/, "write a duration such as 90s, 10m or 2h")
  .transform(
    (text) => Number(text.slice(0, -1)) * { s: 1, m: 60, h: 3600 }[text.slice(-1) as "s" | "m" | "h"],
  );

const time = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, "write a time such as 09:30");

const timezone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}, "not a time zone such as Europe/Berlin");

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
const days = z.array(z.enum(weekdays)).min(1);

/** When deployments may start: between two times of the named days. */
const windowSchema = z.strictObject({
  days,
  from: time,
  to: time,
  timezone: timezone.default("UTC"),
});

/** When provisioning runs although nothing was merged: at a time of the named days, or of each day. */
const provisioningTimeSchema = z.strictObject({
  days: days.default([...weekdays]),
  at: time,
  timezone: timezone.default("UTC"),
});

const address = z
  .string()
  .max(300)
  .regex(
    /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9][A-Za-z0-9.-]*):[1-9][0-9]{0,4}$/,
    "write host:port, such as db.example:5432",
  )
  .refine((text) => Number(text.slice(text.lastIndexOf(":") + 1)) <= 65_535, "a port is 65535 at most")
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(":")).replace(/^\[|\]$/g, ""),
    port: Number(text.slice(text.lastIndexOf(":") + 1)),
  }));

/** An address that must answer. `within`: seconds. */
export interface HttpCheck {
  readonly url: string;
  readonly status: number;
  readonly contains?: string | undefined;
  readonly within: number;
}

/** A port that must take connections. */
export interface TcpCheck {
  readonly tcp: { readonly host: string; readonly port: number };
  readonly within: number;
}

/** An address that must answer, or a port that must be open, after an apply. */
const healthSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).optional(),
    tcp: address.optional(),
    status: z.number().int().min(100).max(599).optional(),
    /** Text that the body must hold. */
    contains: z.string().min(1).max(1000).optional(),
    /** How long it may take to become healthy. */
    within: duration.default(30),
  })
  .transform(({ url, tcp, status, contains, within }, { addIssue }): HttpCheck | TcpCheck => {
    if (url !== undefined && tcp === undefined) return { url, status: status ?? 200, contains, within };
    if (url === undefined && tcp !== undefined && status === undefined && contains === undefined) {
      return { tcp, within };
    }
    addIssue("give either url, with status and contains if you like, or tcp");
    return z.NEVER;
  });

/** A program of the repository's own that must succeed after an apply. */
const verifySchema = z.strictObject({
  /** The program and its arguments; no shell. */
  command: z.array(z.string().min(1).max(1000)).min(1).max(50),
  within: duration.default(120),
});

/** What the service or a tool reads itself: a repository that sets these would steer more than its own synth. */
const reserved =
  /^(WAYMARK_|CDKTF_|TF_|AWS_|GIT_|LD_|DYLD_|GLIBC_|MALLOC_|GCONV_PATH$|LOCPATH$|NODE_|npm_|NPM_|PATH$|HOME$|TMPDIR$|SHELL$|ENV$|BASH_ENV$)/;

const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "not a variable name")
  .refine((name) => !reserved.test(name), "this variable name is reserved");

const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/, "not a GitHub login");

const written = z.strictObject({
  /** Given to synth as environment variables. */
  variables: z.record(variableName, z.string().max(8192)).default({}),
  /** Stack outputs that must exist after an apply. */
  outputs: z.array(z.string().min(1).max(128)).max(100).default([]),
  health: z.array(healthSchema).max(20).default([]),
  verify: verifySchema.optional(),
  /** Logins that may request and re-run beside the repository's maintainers. */
  people: z.array(login).max(200).default([]),
  /** No window: any time. */
  windows: z.array(windowSchema).max(50).default([]),
  /** How far deployments go. */
  mode: z.enum(modes).default("complete"),
  /** Trust no cache. */
  force: z.boolean().default(false),
  /** After a failed promotion, deploy the last good record again. */
  rollbackOnFailure: z.boolean().default(false),
  /** `false`: one stack at a time, whatever `parallelism` says. */
  parallel: z.boolean().default(true),
  /** How many stacks run side by side. */
  parallelism: z.number().int().min(1).max(20).default(5),
  /** For the whole deployment, in seconds. */
  timeout: duration.default(3600),
  /** How long Terraform waits for a state lock, in seconds. */
  lockTimeout: duration.default(300),
  /** What is not like the other stacks. */
  stacks: z
    .record(
      z.string().min(1).max(128),
      z.strictObject({
        /** `provision`: run only when something has changed, and never in the way of what it does not change. */
        kind: z.enum(["provision", "deploy"]).default("deploy"),
      }),
    )
    .default({}),
  /** The stacks of kind `provision`, by themselves. */
  provisioning: z
    .strictObject({ schedule: z.array(provisioningTimeSchema).max(50).default([]) })
    .prefault({}),
  /** How a stack that failed for a passing reason is tried again. */
  retry: z
    .strictObject({
      maxAttempts: z.number().int().min(1).max(10).default(3),
      backoffMultiplier: z.number().min(1).max(10).default(2),
    })
    .prefault({}),
  /** Stacks that must be applied before the named one, beside what the app itself says. */
  dependsOn: z.record(z.string().min(1).max(128), z.array(z.string().min(1).max(128))).default({}),
});

/** What the file may say about an environment; comes out with one number for how many stacks run side by side. */
export const environmentPolicySchema = written.transform(({ parallel, ...policy }) => ({
  ...policy,
  parallelism: parallel ? policy.parallelism : 1,
}));

export type DeployWindow = z.output<typeof windowSchema>;
export type ProvisioningTime = z.output<typeof provisioningTimeSchema>;
