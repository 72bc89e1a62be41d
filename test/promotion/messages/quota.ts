import { aws, type Message } from "./message.ts";

export const quota: readonly Message[] = [
  {
    from: "terraform-aws-modules/terraform-aws-vpc#429",
    text: "Error creating VPC: VpcLimitExceeded: The maximum number of VPCs has been reached.\n\tstatus code: 400, request id: 9559ac7e",
  },
  {
    from: "terraform-aws-modules/terraform-aws-vpc#429",
    text: "Error creating EIP: AddressLimitExceeded: The maximum number of addresses has been reached.",
  },
  {
    from: "aws-samples/open-on-demand-on-aws#14",
    text: 'Resource handler returned message: "The maximum number of VPCs has been reached. (Service: Ec2, Status Code: 400, Request ID: 62b19929)"',
  },
  {
    from: "hashicorp/terraform-provider-aws#37605",
    text: "LimitExceededException: Maximum number of Resources for this API has been reached. Please contact AWS if you need additional Resources.",
  },
  {
    from: "terraform-provider-aws",
    text: aws("IAM: CreatePolicyVersion", 409, "LimitExceeded: A managed policy can have up to 5 versions."),
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "EC2: RunInstances",
      400,
      "api error VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 32 allows.",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: aws(
      "S3: CreateBucket",
      400,
      "api error TooManyBuckets: You have attempted to create more buckets than allowed",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: aws("Bedrock: CreateGuardrail", 402, "ServiceQuotaExceededException: Service quota exceeded"),
  },
  {
    from: "mesosphere-backup/terraform-dcos#61",
    text: "google_compute_instance.public-agent: Quota 'CPUS' exceeded.  Limit: 8.0 in region us-east1.",
  },
  {
    from: "kaiwaehner/hivemq-mqtt-tensorflow-kafka#48",
    text: "googleapi: Error 403: \n\t(1) insufficient regional quota to satisfy request: resource \"CPUS\": request requires '72.0' and is short '48.0'.",
  },
  {
    from: "terraform-provider-azurerm",
    text: "Operation could not be completed as it results in exceeding approved Total Regional Cores quota. Additional details - Location: westeurope, Current Limit: 10",
  },
];
