import { DbInstance } from "@cdktn/provider-aws/lib/db-instance/index.js";
import { DbParameterGroup } from "@cdktn/provider-aws/lib/db-parameter-group/index.js";
import { DbSubnetGroup } from "@cdktn/provider-aws/lib/db-subnet-group/index.js";
import { TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import type { Sizes } from "../sizes.ts";
import { deployTo, type Where } from "./aws.ts";
import type { NetworkStack } from "./network-stack.ts";

export interface DatabaseOptions extends Where {
  readonly sizes: Sizes;
  readonly network: Pick<NetworkStack, "closedSubnets" | "firewall">;
}

/**
 * PostgreSQL, encrypted at rest and on the way, in subnets that lead nowhere. RDS makes its password, keeps it in
 * Secrets Manager and changes it every week: neither the code nor a state ever holds it.
 */
export class DatabaseStack extends TerraformStack {
  readonly address: string;
  /** ARN of the secret with user name and password. */
  readonly passwordArn: string;

  constructor(scope: Construct, options: DatabaseOptions) {
    super(scope, "database");
    deployTo(this, options);
    const { environment, network, sizes } = options;
    const subnets = new DbSubnetGroup(this, "subnets", {
      name: `shop-${environment}`,
      subnetIds: [...network.closedSubnets],
    });
    const database = new DbInstance(this, "database", {
      identifier: `shop-${environment}`,
      ...engine,
      parameterGroupName: this.onlyTls(environment),
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [network.firewall.database],
      publiclyAccessible: false,
      ...sized(sizes),
      finalSnapshotIdentifier: `shop-${environment}-last`,
    });
    this.address = database.address;
    this.passwordArn = database.masterUserSecret.get(0).secretArn;
  }

  /** Connections without TLS are refused. */
  private onlyTls(environment: string): string {
    return new DbParameterGroup(this, "parameters", {
      name: `shop-${environment}`,
      family: "postgres16",
      parameter: [{ name: "rds.force_ssl", value: "1" }],
    }).name;
  }
}

export const databaseName = "shop";

const engine = {
  engine: "postgres",
  engineVersion: "16",
  autoMinorVersionUpgrade: true,
  dbName: databaseName,
  username: "shop",
  manageMasterUserPassword: true,
  storageEncrypted: true,
  storageType: "gp3",
  copyTagsToSnapshot: true,
  skipFinalSnapshot: false,
} as const;

const sized = ({ database, protected: deletionProtection }: Sizes) => ({
  instanceClass: database.instance,
  allocatedStorage: database.storage,
  maxAllocatedStorage: database.storage * 5,
  multiAz: database.standby,
  backupRetentionPeriod: database.backupDays,
  deletionProtection,
});
