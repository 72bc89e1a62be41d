import { bootstrapAwsCore, verifyAwsCore } from "../../aws/core/bootstrap.ts";
import { readRegistry } from "../../aws/registry.ts";
import { awsOf } from "../../aws/stage.ts";
import { environmentNames } from "../../stage/shop-source.ts";
import { expect, type Step } from "../step.ts";

export const bootstrapOnAws: Step = {
  name: "bootstrap the core stack on AWS",
  play: async (stage) => {
    const { directory, repository } = stage;
    const aws = awsOf(stage);
    const problem = await bootstrapAwsCore({ directory, aws, repository });
    const { bindings } = await readRegistry(aws);
    const proven = await verifyAwsCore({ directory, aws });
    const buckets = bindings.map(({ backend }) => (backend.type === "s3" ? backend.bucket : ""));
    return [
      problem === undefined
        ? "Terraform applied the core stacks with the AWS provider"
        : `the buckets, keys, roles and policies of the core stacks were made by API; Terraform says: ${problem}`,
      expect(
        bindings.length === environmentNames.length,
        `the registry ${aws.registry} binds ${bindings.length} environments`,
      ),
      expect(new Set(buckets).size === buckets.length, `each has a bucket of its own: ${buckets.join(", ")}`),
      expect(
        proven.every((line) => line.startsWith("ok ")),
        `npm run core -- verify proves ${proven.length} things: locks, encryption, versions, roles and refusals`,
      ),
    ];
  },
};
