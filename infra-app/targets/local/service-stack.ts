import { TerraformOutput, TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import type { Release } from "../../settings.ts";
import { keepStateInProject } from "./local-state.ts";
import type { Endpoint } from "./network-stack.ts";
import { ServiceProcess } from "./service-process.ts";

export interface ServiceStackOptions extends Release {
  readonly environment: string;
  readonly endpoint: Endpoint;
}

/** The shop itself. Outputs: `url` (without a slash at its end) and `version`. */
export class ServiceStack extends TerraformStack {
  constructor(scope: Construct, { environment, endpoint, version, healthy }: ServiceStackOptions) {
    super(scope, "service");
    keepStateInProject(this);
    new ServiceProcess(this, "service", { environment, endpoint, version, healthy });
    this.output("url", `http://${endpoint.host}:${endpoint.port}`);
    this.output("version", version);
  }

  private output(name: string, value: string): void {
    new TerraformOutput(this, name, { value, staticId: true });
  }
}
