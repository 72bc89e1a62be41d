import { InternetGateway } from "@cdktn/provider-aws/lib/internet-gateway/index.js";
import { Route } from "@cdktn/provider-aws/lib/route/index.js";
import { Construct } from "constructs";
import type { Subnets } from "./subnets.ts";

/** What makes subnets public: addresses in them can be reached from outside. */
export class WayIn extends Construct {
  constructor(scope: Construct, id: string, vpcId: string, subnets: Subnets) {
    super(scope, id);
    const gateway = new InternetGateway(this, "gateway", { vpcId });
    for (const [index, routeTableId] of subnets.routeTableIds.entries()) {
      new Route(this, `route-${index}`, {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: gateway.id,
      });
    }
  }
}
