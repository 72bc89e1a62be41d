import { policyDocument } from "../../../../demo/aws/core/policy-document.ts";
import type { Statement } from "../../../../demo/aws/core/statement.ts";

/** How many characters a policy has, as IAM counts them: JSON without white space. */
export const sizeOf = (statements: readonly Statement[]): number => policyDocument(statements).length;
