import type { Statement } from "../policy.ts";
import { change, make, type Target, tagNew } from "./target.ts";

/**
 * A network of its own: VPC, subnets, gateways, routes, security groups. EC2 asks about each thing that a call touches,
 * so what is made within a VPC is named twice: once for the new thing, once for the VPC. Nothing here connects to
 * another network: no peering, no transit gateway, no VPN, no endpoint.
 */
export const deployNetwork = (target: Target): Statement[] => [
  make(target, "Make", "ec2:CreateVpc", "ec2:CreateInternetGateway", "ec2:AllocateAddress", ...within),
  change(
    target,
    "Change",
    ...within,
    "ec2:AttachInternetGateway",
    "ec2:DetachInternetGateway",
    "ec2:AssociateRouteTable",
    "ec2:DisassociateRouteTable",
    "ec2:ReplaceRouteTableAssociation",
    "ec2:CreateRoute",
    "ec2:ReplaceRoute",
    "ec2:DeleteRoute",
    "ec2:ModifyVpcAttribute",
    "ec2:ModifySubnetAttribute",
    "ec2:ModifySecurityGroupRules",
    "ec2:RevokeSecurityGroupIngress",
    "ec2:RevokeSecurityGroupEgress",
    "ec2:UpdateSecurityGroupRuleDescriptions*",
    "ec2:DisassociateAddress",
    "ec2:ReleaseAddress",
    "ec2:DeleteVpc",
    "ec2:DeleteSubnet",
    "ec2:DeleteInternetGateway",
    "ec2:DeleteNatGateway",
    "ec2:DeleteRouteTable",
    "ec2:DeleteSecurityGroup",
    "ec2:CreateTags",
    "ec2:DeleteTags",
  ),
  tagNew(target, "TagNew", "ec2:CreateTags", "ec2:CreateAction"),
];

const within = [
  "ec2:CreateSubnet",
  "ec2:CreateRouteTable",
  "ec2:CreateNatGateway",
  "ec2:CreateSecurityGroup",
  "ec2:AuthorizeSecurityGroupIngress",
  "ec2:AuthorizeSecurityGroupEgress",
];
