import { aws, type Message } from "./message.ts";

export const configuration: readonly Message[] = [
  {
    from: "terraform-provider-aws",
    text: aws(
      "S3: PutObject",
      403,
      "api error AccessDenied: User: arn:aws:sts::1:assumed-role/dev is not authorized to perform: s3:PutObject",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "EC2: RunInstances",
      403,
      "api error UnauthorizedOperation: You are not authorized to perform this operation.",
    ),
  },
  {
    from: "terraform-provider-azurerm",
    text: "unexpected status 403 (403 Forbidden) with error: AuthorizationFailed: The client does not have authorization to perform action",
  },
  { from: "GitHub REST", text: "Resource not accessible by integration - https://docs.github.com/rest" },
  { from: "GitHub, git push", text: " ! [remote rejected] main -> main (protected branch hook declined)" },
  {
    from: "GitHub, git fetch",
    text: "remote: Repository not found.\nfatal: repository 'https://github.com/acme/gone/' not found",
  },
  {
    from: "terraform 1.11, s3",
    text: 'Error: Failed to get existing workspaces: S3 bucket "tf-state" does not exist.',
  },
  {
    from: "terraform 1.11",
    text: 'Backend initialization required, please run "terraform init": Reason: Initial configuration of the requested backend "s3"',
  },
  {
    from: "terraform 1.11, local",
    text: "Error acquiring the state lock: Error message: mkdir /proc/nope: no such file or directory",
  },
  {
    from: "terraform 1.11, local",
    text: "Error refreshing state: 2 problems:\n\n- Unsupported state file format: The state file could not be parsed as JSON: syntax error at byte offset 2.",
  },
  {
    from: "terraform 1.11, init",
    text: "Failed to query available provider packages: Could not retrieve the list of available versions for provider acme/shop: provider registry registry.terraform.io does not have a provider named registry.terraform.io/acme/shop",
  },
  {
    from: "terraform 1.11, plan",
    text: "Inconsistent dependency lock file: The following dependency selections recorded in the lock file are inconsistent with the current configuration",
  },
  {
    from: "terraform 1.11, init",
    text: "Unsupported Terraform Core version: This configuration does not support Terraform version 1.11.4.",
  },
  {
    from: "npm 10",
    text: "npm error code E401\nnpm error Unable to authenticate, your authentication token seems to be invalid.",
  },
  {
    from: "npm 10",
    text: "npm error code E403\nnpm error 403 Forbidden - GET https://npm.acme.example/shop",
  },
  { from: "npm 10", text: "npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write" },
];
