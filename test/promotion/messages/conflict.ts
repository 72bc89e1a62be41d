import { aws, type Message } from "./message.ts";

export const conflict: readonly Message[] = [
  {
    from: "terraform 1.11",
    text: "Required plugins are not installed: The installed provider plugins are not consistent with the packages selected in the dependency lock file:",
  },
  {
    from: "terraform 1.11, validate",
    text: "registry.terraform.io/acme/fake: there is no package for registry.terraform.io/acme/fake 1.0.0 cached in /home/waymark/runs/1/data/providers",
  },
  {
    from: "terraform 1.11",
    text: "Saved plan is stale: The given plan file can no longer be applied because the state was changed by another operation after the plan was created.",
  },
  {
    from: "terraform 1.11",
    text: "Saved plan does not match the given state: The given plan file can not be applied because it was created from a different state lineage.",
  },
  {
    from: "cloudposse/terraform-aws-tfstate-backend#54",
    text: `creating S3 Bucket (shop): ${aws("S3: CreateBucket", 409, "BucketAlreadyOwnedByYou:")}`,
  },
  {
    from: "aws-ia/terraform-aws-control_tower_account_factory#166",
    text: "failed creating IAM Role (replication): EntityAlreadyExists: Role with name replication already exists.",
  },
  {
    from: "aws-ia/terraform-aws-control_tower_account_factory#166",
    text: "error creating DynamoDB Table: ResourceInUseException: Table already exists: shop",
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "EC2: CreateSecurityGroup",
      400,
      "api error InvalidGroup.Duplicate: The security group 'web' already exists for VPC 'vpc-1'",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "S3: CreateBucket",
      409,
      "api error OperationAborted: A conflicting conditional operation is currently in progress against this resource.",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "EC2: DeleteSubnet",
      400,
      "api error DependencyViolation: The subnet 'subnet-1' has dependencies and cannot be deleted.",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "CloudFront: UpdateDistribution",
      412,
      "PreconditionFailed: The request failed because it didn't meet the preconditions",
    ),
  },
  {
    from: "terraform-provider-google",
    text: "googleapi: Error 409: The resource 'projects/acme/global/networks/shop' already exists, alreadyExists",
  },
  {
    from: "hashicorp/terraform-provider-azurerm#6389",
    text: 'A resource with the ID "/subscriptions/1/resourceGroups/shop" already exists - to be managed via Terraform this resource needs to be imported into the State.',
  },
  {
    from: "terraform-provider-kubernetes",
    text: 'Operation cannot be fulfilled on deployments.apps "shop": the object has been modified; please apply your changes to the latest version and try again',
  },
  {
    from: "terraform-provider-github",
    text: "POST https://api.github.com/orgs/acme/repos: 422 Repository creation failed. [{Resource:Repository Field:name Code:custom Message:name already exists on this account}]",
  },
  { from: "git 2.39", text: " ! [rejected]        deploy/dev/current -> deploy/dev/current (stale info)" },
  {
    from: "git 2.39",
    text: "error: cannot lock ref 'refs/tags/deploy/dev/attempt': is at 4f2a but expected 9c1b",
  },
];
