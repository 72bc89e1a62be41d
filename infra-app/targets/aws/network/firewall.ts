import { SecurityGroup } from "@cdktn/provider-aws/lib/security-group/index.js";
import { VpcSecurityGroupEgressRule } from "@cdktn/provider-aws/lib/vpc-security-group-egress-rule/index.js";
import { VpcSecurityGroupIngressRule } from "@cdktn/provider-aws/lib/vpc-security-group-ingress-rule/index.js";
import { Construct } from "constructs";

export const servicePort = 8080;
export const databasePort = 5432;

const anywhere = "0.0.0.0/0";

/**
 * Who may speak to whom: people to the load balancer, it to the service, the service to the database and to AWS. All
 * the rest is refused, also on the way out: the database calls nobody.
 */
export class Firewall extends Construct {
  readonly balancer: string;
  readonly service: string;
  readonly database: string;
  private readonly vpcId: string;

  constructor(scope: Construct, id: string, vpcId: string) {
    super(scope, id);
    this.vpcId = vpcId;
    this.balancer = this.group("balancer");
    this.service = this.group("service");
    this.database = this.group("database");
    // Plain HTTP is answered by a redirect only.
    this.receive("people", this.balancer, 80, { cidrIpv4: anywhere });
    this.receive("people-tls", this.balancer, 443, { cidrIpv4: anywhere });
    this.connect("requests", this.balancer, this.service, servicePort);
    this.connect("queries", this.service, this.database, databasePort);
    // Images, secrets and logs: AWS's addresses change, its certificates don't.
    this.send("aws", this.service, 443, { cidrIpv4: anywhere });
  }

  private group(name: string): string {
    return new SecurityGroup(this, name, {
      vpcId: this.vpcId,
      name: `shop-${name}`,
      description: `Shop: ${name}`,
    }).id;
  }

  private connect(id: string, from: string, to: string, port: number): void {
    this.send(`${id}-out`, from, port, { referencedSecurityGroupId: to });
    this.receive(`${id}-in`, to, port, { referencedSecurityGroupId: from });
  }

  private receive(id: string, securityGroupId: string, port: number, peer: Peer): void {
    const rule = { securityGroupId, ipProtocol: "tcp", fromPort: port, toPort: port, ...peer };
    new VpcSecurityGroupIngressRule(this, id, rule);
  }

  private send(id: string, securityGroupId: string, port: number, peer: Peer): void {
    const rule = { securityGroupId, ipProtocol: "tcp", fromPort: port, toPort: port, ...peer };
    new VpcSecurityGroupEgressRule(this, id, rule);
  }
}

type Peer = { readonly cidrIpv4: string } | { readonly referencedSecurityGroupId: string };
