import { DataResource, Fn, type LocalExecProvisioner, TerraformAsset } from "cdktn";
import { Construct } from "constructs";
import type { Release } from "../../settings.ts";
import type { Endpoint } from "./network-stack.ts";

export interface ServiceProcessOptions extends Release {
  readonly environment: string;
  readonly endpoint: Endpoint;
}

/**
 * The service as a process of this machine, which outlives the Terraform run that starts it. Any change replaces it:
 * the old process is asked to stop, then the new one is started. Its files are an asset, so that an older synthesized
 * output can be applied again without the repository.
 */
export class ServiceProcess extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { environment, endpoint, version, healthy }: ServiceProcessOptions,
  ) {
    super(scope, id);
    const files = new TerraformAsset(this, "files", { path: "service" });
    const identity = {
      environment,
      version,
      healthy: String(healthy),
      host: endpoint.host,
      port: endpoint.port,
      files: files.assetHash,
      token: this.shutdownToken(),
    };
    const service = new DataResource(this, "process", {
      triggersReplace: identity,
      provisioners: [
        script(`${files.path}/start.mjs`, Object.keys(identity)),
        { ...script(`${files.path}/stop.mjs`, ["host", "port", "token"]), when: "destroy" },
      ],
    });
    service.overrideLogicalId("service");
  }

  /** A secret made once, kept in the state: only who can read that may stop the service. */
  private shutdownToken(): string {
    const token = new DataResource(this, "token", {
      input: { value: Fn.sensitive(Fn.uuid()) },
      lifecycle: { ignoreChanges: ["input"] },
    });
    token.overrideLogicalId("shutdown_token");
    return Fn.sensitive(Fn.lookup(token.output, "value"));
  }
}

/** Runs a script without a shell in between; data travels in the environment, named SERVICE_*. */
function script(path: string, fields: readonly string[]): LocalExecProvisioner {
  const variables = fields.map((field) => [
    `SERVICE_${field.toUpperCase()}`,
    `\${self.triggers_replace.${field}}`,
  ]);
  return {
    type: "local-exec",
    interpreter: ["node"],
    command: path,
    environment: Object.fromEntries(variables),
  };
}
