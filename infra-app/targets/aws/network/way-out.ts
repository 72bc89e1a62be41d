import { Eip } from "@cdktn/provider-aws/lib/eip/index.js";
import { NatGateway } from "@cdktn/provider-aws/lib/nat-gateway/index.js";
import { Route } from "@cdktn/provider-aws/lib/route/index.js";
import { Construct } from "constructs";
import type { Subnets } from "./subnets.ts";

export interface WayOutOptions {
  /** Whose machines may call out; nobody can call them. */
  readonly from: Subnets;
  /** Public subnets, where the gateways stand. */
  readonly through: Subnets;
  readonly gateways: number;
}

/** Lets private subnets reach the outside, to fetch images and secrets, and nobody outside reach them. */
export class WayOut extends Construct {
  constructor(scope: Construct, id: string, { from, through, gateways }: WayOutOptions) {
    super(scope, id);
    const made = through.ids.slice(0, gateways).map((subnetId, index) => {
      const address = new Eip(this, `address-${index}`, { domain: "vpc" });
      return new NatGateway(this, `gateway-${index}`, { subnetId, allocationId: address.id });
    });
    for (const [index, routeTableId] of from.routeTableIds.entries()) {
      const gateway = made[index % made.length];
      if (gateway === undefined) continue;
      new Route(this, `route-${index}`, {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: gateway.id,
      });
    }
  }
}
