import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
  type DataAwsIamPolicyDocumentStatementCondition,
} from "@cdktn/provider-aws/lib/data-aws-iam-policy-document/index.js";
import type { Construct } from "constructs";

/** One statement of a policy; it allows unless it says otherwise. */
export type Statement = DataAwsIamPolicyDocumentStatement;
export type Condition = DataAwsIamPolicyDocumentStatementCondition;

/** A policy as JSON, which Terraform renders. */
export const policyJson = (scope: Construct, id: string, statements: readonly Statement[]): string =>
  new DataAwsIamPolicyDocument(scope, id, { statement: [...statements] }).json;

/** `test` is one of IAM's operators: StringEquals, ArnNotEquals, … */
export const condition = (test: string, variable: string, ...values: string[]): Condition => ({
  test,
  variable,
  values,
});

export const isPresent = (variable: string): Condition => condition("Null", variable, "false");

export const anybody = [{ type: "*", identifiers: ["*"] }];

export const aws = (...identifiers: string[]) => [{ type: "AWS", identifiers }];
