import { z } from "zod";

/** Backends that Terraform has built in, and that need nothing of Waymark's but settings and variables. */
export const otherBackendType = z.enum([
  "azurerm",
  "consul",
  "cos",
  "gcs",
  "http",
  "kubernetes",
  "oss",
  "pg",
]);
type OtherBackendType = z.infer<typeof otherBackendType>;

interface Secrets {
  /** Setting that holds a secret → the variable in which Terraform takes it instead. */
  readonly settings: Readonly<Record<string, string>>;
  /** What else says who it is, and is not for everybody to know. */
  readonly variables: readonly string[];
}

/**
 * A setting is written into the stack, the bundle, Terraform's data and the plan. So what is secret comes by the child's
 * environment, which each of these backends reads.
 */
const secretsByType: Readonly<Record<OtherBackendType, Secrets>> = {
  azurerm: {
    settings: {
      access_key: "ARM_ACCESS_KEY",
      client_certificate: "ARM_CLIENT_CERTIFICATE",
      client_certificate_password: "ARM_CLIENT_CERTIFICATE_PASSWORD",
      client_secret: "ARM_CLIENT_SECRET",
      oidc_request_token: "ARM_OIDC_REQUEST_TOKEN",
      oidc_token: "ARM_OIDC_TOKEN",
      sas_token: "ARM_SAS_TOKEN",
    },
    variables: ["ARM_CLIENT_ID", "ARM_OIDC_REQUEST_URL", "ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID"],
  },
  consul: {
    settings: { access_token: "CONSUL_HTTP_TOKEN", http_auth: "CONSUL_HTTP_AUTH" },
    variables: [],
  },
  cos: {
    settings: {
      secret_id: "TENCENTCLOUD_SECRET_ID",
      secret_key: "TENCENTCLOUD_SECRET_KEY",
      security_token: "TENCENTCLOUD_SECURITY_TOKEN",
    },
    variables: [],
  },
  gcs: {
    settings: {
      access_token: "GOOGLE_OAUTH_ACCESS_TOKEN",
      credentials: "GOOGLE_CREDENTIALS",
      encryption_key: "GOOGLE_ENCRYPTION_KEY",
    },
    variables: ["GOOGLE_BACKEND_CREDENTIALS"],
  },
  http: {
    settings: {
      client_private_key_pem: "TF_HTTP_CLIENT_PRIVATE_KEY_PEM",
      password: "TF_HTTP_PASSWORD",
    },
    variables: ["TF_HTTP_CLIENT_CERTIFICATE_PEM", "TF_HTTP_USERNAME"],
  },
  kubernetes: {
    settings: { client_key: "KUBE_CLIENT_KEY_DATA", password: "KUBE_PASSWORD", token: "KUBE_TOKEN" },
    variables: ["KUBE_CLIENT_CERT_DATA", "KUBE_CLUSTER_CA_CERT_DATA", "KUBE_HOST", "KUBE_USER"],
  },
  oss: {
    settings: {
      access_key: "ALICLOUD_ACCESS_KEY",
      secret_key: "ALICLOUD_SECRET_KEY",
      security_token: "ALICLOUD_SECURITY_TOKEN",
    },
    variables: [],
  },
  pg: { settings: { conn_str: "PG_CONN_STR" }, variables: ["PGPASSWORD", "PGUSER"] },
};

interface Described {
  readonly type: OtherBackendType;
  readonly config: Readonly<Record<string, unknown>>;
  /** The child's variable → the worker's, which holds the value. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

export interface SecretMistake {
  readonly path: readonly string[];
  readonly message: string;
}

/** Secrets among the settings, and variables that this backend does not take its credentials from. */
export function secretMistakes({ type, config, environment = {} }: Described): SecretMistake[] {
  const { settings, variables } = secretsByType[type];
  const known = [...Object.values(settings), ...variables];
  const open = Object.entries(config).filter(
    ([name, value]) => Object.hasOwn(settings, name) || hasUser(value),
  );
  const foreign = Object.keys(environment).filter((name) => !known.includes(name));
  return [
    ...open.map(([name]) => ({
      path: ["config", name],
      message: `holds a secret, which everybody could read: give it to the workers, and name their variable in environment, as ${settings[name] ?? known.join(" or ")}`,
    })),
    ...foreign.map((name) => ({
      path: ["environment", name],
      message: `is no variable with credentials of ${type}, such as ${known.join(", ")}`,
    })),
  ];
}

/** `https://user:password@host`. */
const hasUser = (value: unknown): boolean => /\/\/[^/?#\s]*@/.test(String(value));

/** A variable of the worker's that may be handed to Terraform: none of those that it runs on itself. */
export const workerVariable = z
  .string()
  .regex(
    /^(?!(?:APP_ID|PRIVATE_KEY|PRIVATE_KEY_PATH|WEBHOOK_SECRET|WAYMARK_(?:SIGNING_KEY|REDIS_URL))$)[A-Za-z_]\w*$/,
    {
      message: "must be the name of a variable, and none of Waymark's own",
    },
  );
