import { CloudwatchLogGroup } from "@cdktn/provider-aws/lib/cloudwatch-log-group/index.js";
import { DataAwsEcrRepository } from "@cdktn/provider-aws/lib/data-aws-ecr-repository/index.js";
import { EcsCluster } from "@cdktn/provider-aws/lib/ecs-cluster/index.js";
import { EcsService } from "@cdktn/provider-aws/lib/ecs-service/index.js";
import { EcsTaskDefinition } from "@cdktn/provider-aws/lib/ecs-task-definition/index.js";
import { TerraformOutput, TerraformStack } from "cdktn";
import type { Construct } from "constructs";
import { Balancer } from "../application/balancer.ts";
import { containerDefinition, containerName } from "../application/container.ts";
import { servicePort } from "../network/firewall.ts";
import type { Settings } from "../settings.ts";
import { deployTo } from "./aws.ts";
import type { DatabaseStack } from "./database-stack.ts";
import { type IdentityStack, logGroupName } from "./identity-stack.ts";
import type { NetworkStack } from "./network-stack.ts";

export interface ApplicationOptions extends Settings {
  readonly network: NetworkStack;
  readonly database: DatabaseStack;
  readonly identities: IdentityStack;
}

/** The shop itself. Outputs: `url` (without a slash at its end) and `image` (the digest that runs). */
export class ApplicationStack extends TerraformStack {
  constructor(scope: Construct, options: ApplicationOptions) {
    super(scope, "application");
    deployTo(this, options);
    const { environment, network, certificate, sizes } = options;
    const balancer = new Balancer(this, "balancer", {
      environment,
      network,
      certificate,
      protected: sizes.protected,
    });
    this.runBehind(balancer, this.defineTask(options), options);
    this.output("url", `https://${options.host}`);
    this.output("image", options.image);
  }

  /** ARN of what a task is made of: another image makes another one. */
  private defineTask(options: ApplicationOptions): string {
    const { environment, region, sizes, identities, database, images, image } = options;
    const logs = new CloudwatchLogGroup(this, "logs", {
      name: logGroupName(environment),
      retentionInDays: sizes.logDays,
    });
    const repository = new DataAwsEcrRepository(this, "images", { name: images });
    return new EcsTaskDefinition(this, "task", {
      family: `shop-${environment}`,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(sizes.cpu),
      memory: String(sizes.memory),
      executionRoleArn: identities.startRole,
      taskRoleArn: identities.runRole,
      containerDefinitions: containerDefinition({
        environment,
        region,
        image: `${repository.repositoryUrl}@${image}`,
        logGroup: logs.name,
        databaseAddress: database.address,
        passwordArn: database.passwordArn,
      }),
    }).arn;
  }

  /** A deployment is done when its tasks are well; when they aren't, ECS goes back to the ones before. */
  private runBehind(balancer: Balancer, taskDefinition: string, options: ApplicationOptions): void {
    const { environment, sizes, network } = options;
    const cluster = new EcsCluster(this, "cluster", {
      name: `shop-${environment}`,
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
    new EcsService(this, "service", {
      name: "shop",
      cluster: cluster.arn,
      launchType: "FARGATE",
      taskDefinition,
      desiredCount: sizes.tasks,
      waitForSteadyState: true,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      propagateTags: "SERVICE",
      enableEcsManagedTags: true,
      networkConfiguration: {
        subnets: [...network.privateSubnets],
        securityGroups: [network.firewall.service],
        assignPublicIp: false,
      },
      loadBalancer: [{ targetGroupArn: balancer.targets, containerName, containerPort: servicePort }],
      dependsOn: [balancer.listener],
    });
  }

  private output(name: string, value: string): void {
    new TerraformOutput(this, name, { value, staticId: true });
  }
}
