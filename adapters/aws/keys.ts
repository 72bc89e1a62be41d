import type { Variables } from "../process/environment.ts";

/** A session's keys. They go into a child's environment, and nowhere else. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly region: string;
}

/** AWS's own clients and Terraform know these: addresses of AWS that are not the usual ones. */
const addresses = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS"];

/** What a child gets that works with these keys. `source`: the worker's own variables. */
export function keysEnvironment(keys: AwsKeys, source: Variables): Record<string, string> {
  const given = addresses.flatMap((name) => {
    const value = source[name];
    return value ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(given),
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_REGION: keys.region,
    // Without this, keys that are refused would be replaced by those of the machine, which are the worker's.
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** What must be masked wherever texts leave. */
export const secretsOf = ({ accessKeyId, secretAccessKey, sessionToken }: AwsKeys): string[] => [
  accessKeyId,
  secretAccessKey,
  sessionToken,
];
