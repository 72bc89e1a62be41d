import { regionalArn } from "../place.ts";
import type { Statement } from "../policy.ts";
import { change, make, type Target } from "./target.ts";

/**
 * Databases. RDS makes the password and keeps it in Secrets Manager: a deployment lets it do so (`rds!…` are RDS's own
 * names), and never sees the value.
 */
export const deployDatabase = (target: Target): Statement[] => [
  make(target, "Make", ...creations, "rds:AddTagsToResource"),
  change(
    target,
    "Change",
    ...creations,
    "rds:CreateDBSnapshot",
    "rds:ModifyDBInstance",
    "rds:RebootDBInstance",
    "rds:DeleteDBInstance",
    "rds:ModifyDBSubnetGroup",
    "rds:DeleteDBSubnetGroup",
    "rds:ModifyDBParameterGroup",
    "rds:ResetDBParameterGroup",
    "rds:DeleteDBParameterGroup",
    "rds:AddTagsToResource",
    "rds:RemoveTagsFromResource",
  ),
  {
    // Each engine's default option group is the account's, and carries no tag.
    sid: "Defaults",
    actions: ["rds:CreateDBInstance", "rds:ModifyDBInstance"],
    resources: [regionalArn(target.place, "rds", "og:default:*")],
  },
  {
    // The last snapshot of a database that is deleted can't be tagged beforehand.
    sid: "LastSnapshot",
    actions: ["rds:CreateDBSnapshot"],
    resources: [regionalArn(target.place, "rds", "snapshot:*")],
  },
  {
    sid: "Passwords",
    actions: ["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
    resources: [regionalArn(target.place, "secretsmanager", "secret:rds!*")],
  },
];

const creations = ["rds:CreateDBInstance", "rds:CreateDBSubnetGroup", "rds:CreateDBParameterGroup"];
