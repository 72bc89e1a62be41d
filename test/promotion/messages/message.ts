/** A message as its tool prints it, ids shortened; `from`: the tool, or where people reported it. */
export interface Message {
  readonly from: string;
  readonly text: string;
}

/** An error as the Go SDK of AWS spells it. */
export const aws = (service: string, code: number, rest: string): string =>
  `operation error ${service}, https response error StatusCode: ${code}, RequestID: 9559ac7e-6c55-46ff-89ca, ${rest}`;
/** What Terraform tells about a lock. */
export const lockInfo = (who: string): string =>
  `Lock Info:\n  ID:        68e43a41-4378-3674-cb32-f2010151ed54\n  Path:      shop/dev.tfstate\n  Operation: OperationTypeApply\n  Who:       ${who}\n  Version:   1.11.4\n  Created:   2026-11-21 06:12:33.340002781 +0000 UTC\n  Info:      \n`;
