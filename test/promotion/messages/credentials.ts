import { aws, type Message } from "./message.ts";

export const credentials: readonly Message[] = [
  {
    from: "pulumi/pulumi-aws#2560",
    text: aws(
      "STS: GetCallerIdentity",
      403,
      "api error ExpiredToken: The security token included in the request is expired",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: "error configuring Terraform AWS Provider: no valid credential sources for Terraform AWS Provider found. Error: failed to refresh cached credentials, no EC2 IMDS role found",
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "STS: GetCallerIdentity",
      403,
      "api error InvalidClientTokenId: The security token included in the request is invalid.",
    ),
  },
  {
    from: "terraform, s3",
    text: aws(
      "S3: ListObjectsV2",
      403,
      "api error InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.",
    ),
  },
  {
    from: "aws-sdk-go-v2",
    text: aws("EC2: DescribeVpcs", 400, "api error RequestExpired: Request has expired."),
  },
  {
    from: "aws-sdk-go-v2",
    text: aws(
      "DynamoDB: PutItem",
      400,
      "UnrecognizedClientException: The security token included in the request is invalid.",
    ),
  },
  {
    from: "aws-sdk-go-v2",
    text: aws(
      "S3: GetObject",
      403,
      "api error SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.",
    ),
  },
  { from: "aws cli 2", text: "Error loading SSO Token: Token for prod has expired and refresh failed" },
  {
    from: "terraform-provider-google",
    text: "Attempted to load application default credentials since neither `credentials` nor `access_token` was set. google: could not find default credentials.",
  },
  {
    from: "terraform-provider-google",
    text: 'oauth2: "invalid_grant" "Token has been expired or revoked."',
  },
  {
    from: "terraform-provider-azurerm",
    text: "unexpected status 401 with error: InvalidAuthenticationToken: The access token is invalid.",
  },
  {
    from: "git 2.39",
    text: "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
  },
  {
    from: "git 2.39",
    text: "remote: Invalid username or password.\nfatal: Authentication failed for 'https://github.com/acme/shop/'",
  },
  { from: "GitHub REST", text: "Bad credentials - https://docs.github.com/rest" },
];
