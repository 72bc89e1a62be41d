import { aws, lockInfo, type Message } from "./message.ts";

export const lock: readonly Message[] = [
  {
    from: "terraform 1.11, local",
    text: `Error acquiring the state lock: Error message: resource temporarily unavailable\n${lockInfo("root@vm")}`,
  },
  {
    from: "Genaker/TerraformMagentoCloud#22",
    text: `Error acquiring the state lock: Error message: ConditionalCheckFailedException: The conditional request failed\n${lockInfo("genaker@genaker")}`,
  },
  {
    from: "alphagov/govuk-infrastructure#297",
    text: `Error locking state: Error acquiring the state lock: ConditionalCheckFailedException: The conditional request failed\n${lockInfo("bill")}`,
  },
  {
    from: "hashicorp/terraform#22410",
    text: "Error locking state: Error acquiring the state lock: 2 error(s) occurred:\n\n* ConditionalCheckFailedException: The conditional request failed\n* unexpected end of JSON input",
  },
  {
    from: "substratusai/runbooks#36",
    text: 'Error acquiring the state lock: Error message: writing "gs://tf/default.tflock" failed: googleapi: Error 412: At least one of the pre-conditions you specified did not hold., conditionNotMet',
  },
  {
    from: "radius-project/radius#10179",
    text: "Error acquiring the state lock\n\nError message: the state is already locked by another terraform client",
  },
  {
    from: "terraform 1.11, s3 lock file",
    text: `Error acquiring the state lock: Error message: ${aws("S3: PutObject", 412, "api error PreconditionFailed: At least one of the pre-conditions you specified did not hold")}\n${lockInfo("ci@runner")}`,
  },
  {
    from: "terraform, azurerm",
    text: `Error acquiring the state lock: Error message: state blob is already locked\n${lockInfo("ada@box")}`,
  },
  {
    from: "terraform, pg",
    text: `Error acquiring the state lock: Error message: Already locked for workspace default: shop\n${lockInfo("ada@box")}`,
  },
  {
    from: "terraform, http",
    text: `Error acquiring the state lock: Error message: HTTP remote state already locked: ID=68e43a41\n${lockInfo("ada@box")}`,
  },
  {
    from: "opentofu 1.8, local",
    text: `Error acquiring the state lock: Error message: resource temporarily unavailable\n${lockInfo("tofu@vm")}`,
  },
];
