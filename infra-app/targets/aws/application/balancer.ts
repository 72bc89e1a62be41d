import { Lb } from "@cdktn/provider-aws/lib/lb/index.js";
import { LbListener } from "@cdktn/provider-aws/lib/lb-listener/index.js";
import { LbTargetGroup } from "@cdktn/provider-aws/lib/lb-target-group/index.js";
import { Construct } from "constructs";
import { servicePort } from "../network/firewall.ts";
import type { NetworkStack } from "../stacks/network-stack.ts";

export interface BalancerOptions {
  readonly environment: string;
  readonly network: NetworkStack;
  readonly certificate: string;
  readonly protected: boolean;
}

/** The only thing that is reached from outside, and only by TLS: plain HTTP is sent there. */
export class Balancer extends Construct {
  /** ARN of the group that containers join. */
  readonly targets: string;
  /** Containers can join once requests are let in. */
  readonly listener: LbListener;

  constructor(scope: Construct, id: string, options: BalancerOptions) {
    super(scope, id);
    const { environment, network, certificate } = options;
    const balancer = new Lb(this, "balancer", {
      name: `shop-${environment}`,
      loadBalancerType: "application",
      internal: false,
      subnets: [...network.publicSubnets],
      securityGroups: [network.firewall.balancer],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: options.protected,
    });
    this.targets = this.makeTargets(environment, network.vpcId);
    this.listener = new LbListener(this, "tls", {
      loadBalancerArn: balancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn: certificate,
      defaultAction: [{ type: "forward", targetGroupArn: this.targets }],
    });
    new LbListener(this, "plain", {
      loadBalancerArn: balancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
      ],
    });
  }

  private makeTargets(environment: string, vpcId: string): string {
    return new LbTargetGroup(this, "targets", {
      name: `shop-${environment}`,
      vpcId,
      port: servicePort,
      protocol: "HTTP",
      targetType: "ip",
      deregistrationDelay: "30",
      healthCheck: { path: "/healthz", matcher: "200", interval: 10, healthyThreshold: 2 },
    }).arn;
  }
}
