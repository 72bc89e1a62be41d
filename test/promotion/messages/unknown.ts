import { aws, type Message } from "./message.ts";

export const unknown: readonly Message[] = [
  {
    from: "terraform 1.11",
    text: "Request cancelled: The plugin.(*GRPCProvider).UpgradeResourceState request was cancelled.",
  },
  { from: "nobody", text: "something nobody has seen before" },
  {
    from: "terraform 1.11",
    text: "Provider produced inconsistent result after apply: When applying changes to aws_x.y, provider produced an unexpected new value: Root object was present, but now absent.",
  },
  {
    from: "terraform 1.11",
    text: "Plugin did not respond: The plugin encountered an error, and failed to respond to the plugin.(*GRPCProvider).ApplyResourceChange call.",
  },
  {
    from: "terraform 1.11",
    text: "Cannot apply incomplete plan: Terraform encountered an error when generating this plan, so it cannot be applied.",
  },
  {
    from: "terraform 1.11",
    text: "panic: runtime error: invalid memory address or nil pointer dereference",
  },
  { from: "terraform 1.11", text: "Execution halted: Stop was requested." },
  {
    from: "terraform-provider-aws",
    text: aws(
      "Lambda: CreateFunction",
      400,
      "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
    ),
  },
  {
    from: "terraform-provider-aws",
    text: aws("EC2: CreateVpc", 400, "api error InvalidVpc.Range: The CIDR '10.0.0.0/8' is invalid."),
  },
  { from: "GitHub REST", text: 'Validation Failed: {"resource":"CheckRun","code":"custom"}' },
];
