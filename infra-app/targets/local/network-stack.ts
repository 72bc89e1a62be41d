import { DataResource, Fn, TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import { keepStateInProject } from "./local-state.ts";

/** Where a service is reached: tokens that Terraform fills in once the network is applied. */
export interface Endpoint {
  readonly host: string;
  readonly port: string;
}

/** The addresses of an environment. On one machine: a port of the loopback interface. */
export class NetworkStack extends TerraformStack {
  readonly endpoint: Endpoint;

  constructor(scope: Construct, port: number) {
    super(scope, "network");
    keepStateInProject(this);
    const endpoint = new DataResource(this, "endpoint", { input: { host: "127.0.0.1", port: String(port) } });
    this.endpoint = { host: Fn.lookup(endpoint.output, "host"), port: Fn.lookup(endpoint.output, "port") };
  }
}
