import { RouteTable } from "@cdktn/provider-aws/lib/route-table/index.js";
import { RouteTableAssociation } from "@cdktn/provider-aws/lib/route-table-association/index.js";
import { Subnet } from "@cdktn/provider-aws/lib/subnet/index.js";
import { Construct } from "constructs";

export interface SubnetsOptions {
  readonly vpcId: string;
  /** One subnet in each of them. */
  readonly zones: readonly string[];
  /** `10.x`, and the number of the first subnet: the addresses are 10.x.n.0/24. */
  readonly prefix: string;
  readonly first: number;
}

/**
 * A subnet in each zone, each with a table of routes of its own. No machine in it gets a public address by itself, and
 * without further routes none reaches anything outside the network.
 */
export class Subnets extends Construct {
  readonly ids: readonly string[];
  readonly routeTableIds: readonly string[];

  constructor(scope: Construct, id: string, { vpcId, zones, prefix, first }: SubnetsOptions) {
    super(scope, id);
    const made = zones.map((availabilityZone, index) => {
      const subnet = new Subnet(this, `subnet-${index}`, {
        vpcId,
        availabilityZone,
        cidrBlock: `${prefix}.${first + index}.0/24`,
        mapPublicIpOnLaunch: false,
      });
      const table = new RouteTable(this, `routes-${index}`, { vpcId });
      new RouteTableAssociation(this, `association-${index}`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
      return { subnet: subnet.id, table: table.id };
    });
    this.ids = made.map(({ subnet }) => subnet);
    this.routeTableIds = made.map(({ table }) => table);
  }
}
