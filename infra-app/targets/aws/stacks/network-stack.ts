import { DataAwsAvailabilityZones } from "@cdktn/provider-aws/lib/data-aws-availability-zones/index.js";
import { Vpc } from "@cdktn/provider-aws/lib/vpc/index.js";
import { Fn, TerraformStack, Token } from "cdktn";
import type { Construct } from "constructs";
import { Firewall } from "../network/firewall.ts";
import { Subnets } from "../network/subnets.ts";
import { WayIn } from "../network/way-in.ts";
import { WayOut } from "../network/way-out.ts";
import type { Sizes } from "../sizes.ts";
import { deployTo, type Where } from "./aws.ts";

export interface NetworkOptions extends Where {
  readonly sizes: Sizes;
}

/** A network of its own: public subnets for the load balancer, private ones for the service, closed ones for the data. */
export class NetworkStack extends TerraformStack {
  readonly vpcId: string;
  readonly publicSubnets: readonly string[];
  readonly privateSubnets: readonly string[];
  readonly closedSubnets: readonly string[];
  readonly firewall: Firewall;

  constructor(scope: Construct, options: NetworkOptions) {
    super(scope, "network");
    deployTo(this, options);
    const { network, zones: count, natGateways } = options.sizes;
    const prefix = `10.${network}`;
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: `${prefix}.0.0/16`,
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    const inZones = { vpcId: vpc.id, zones: this.zones(count), prefix };
    const open = new Subnets(this, "public", { ...inZones, first: 0 });
    const inner = new Subnets(this, "private", { ...inZones, first: 16 });
    const closed = new Subnets(this, "closed", { ...inZones, first: 32 });
    new WayIn(this, "in", vpc.id, open);
    new WayOut(this, "out", { from: inner, through: open, gateways: natGateways });
    this.firewall = new Firewall(this, "firewall", vpc.id);
    this.vpcId = vpc.id;
    this.publicSubnets = open.ids;
    this.privateSubnets = inner.ids;
    this.closedSubnets = closed.ids;
  }

  /** The first zones of the region; local zones, which lack most services, don't count. */
  private zones(count: number): string[] {
    const { names } = new DataAwsAvailabilityZones(this, "zones", {
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
    return Array.from({ length: count }, (_, index) => Token.asString(Fn.element(names, index)));
  }
}
