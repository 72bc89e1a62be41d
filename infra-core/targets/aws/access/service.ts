import { regionalArn } from "../place.ts";
import type { Statement } from "../policy.ts";
import { change, make, type Target, tagNew } from "./target.ts";

/** What runs: ECS services, the load balancers before them, and their logs. */
export const deployService = (target: Target): Statement[] => [
  make(target, "Make", ...creations),
  change(
    target,
    "Change",
    ...creations,
    "ecs:UpdateCluster",
    "ecs:UpdateClusterSettings",
    "ecs:DeleteCluster",
    "ecs:UpdateService",
    "ecs:DeleteService",
    "ecs:TagResource",
    "ecs:UntagResource",
    "elasticloadbalancing:ModifyLoadBalancerAttributes",
    "elasticloadbalancing:SetSecurityGroups",
    "elasticloadbalancing:SetSubnets",
    "elasticloadbalancing:DeleteLoadBalancer",
    "elasticloadbalancing:ModifyTargetGroup",
    "elasticloadbalancing:ModifyTargetGroupAttributes",
    "elasticloadbalancing:DeleteTargetGroup",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:ModifyListenerAttributes",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:AddTags",
    "elasticloadbalancing:RemoveTags",
  ),
  tagNew(target, "TagNewTasks", "ecs:TagResource", "ecs:CreateAction"),
  tagNew(target, "TagNewBalancers", "elasticloadbalancing:AddTags", "elasticloadbalancing:CreateAction"),
  // It takes no resource. A task definition that is deregistered goes on running where it runs.
  { sid: "Retire", actions: ["ecs:DeregisterTaskDefinition"], resources: ["*"] },
  {
    sid: "Logs",
    actions: [
      "logs:CreateLogGroup",
      "logs:PutRetentionPolicy",
      "logs:DeleteLogGroup",
      "logs:TagResource",
      "logs:UntagResource",
    ],
    resources: [regionalArn(target.place, "logs", `log-group:/application/${target.environment}/*`)],
  },
];

const creations = [
  "ecs:CreateCluster",
  "ecs:CreateService",
  "ecs:RegisterTaskDefinition",
  "elasticloadbalancing:CreateLoadBalancer",
  "elasticloadbalancing:CreateTargetGroup",
  "elasticloadbalancing:CreateListener",
];
