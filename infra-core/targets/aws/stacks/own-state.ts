import { LocalBackend, S3Backend, type TerraformStack } from "cdktn";
import type { AwsCoreConfig } from "../config.ts";
import { coreBucketName } from "../names.ts";
import { stateKey } from "./own-state-key.ts";

/**
 * Where the core stacks keep their own states: in a directory (absolute) until their bucket exists, in that bucket from
 * then on.
 */
export type OwnState =
  | { readonly type: "directory"; readonly directory: string }
  | { readonly type: "bucket" };

/** The bucket encrypts by itself, with its own key: naming an algorithm here could only weaken that. */
export function keepOwnState(stack: TerraformStack, config: AwsCoreConfig, state: OwnState): void {
  const file = stateKey(stack.node.id);
  if (state.type === "directory") {
    new LocalBackend(stack, { path: `${state.directory}/${file}` });
    return;
  }
  const { account, region, provisioner } = config.core;
  new S3Backend(stack, {
    bucket: coreBucketName(config.name, account),
    key: file,
    region,
    useLockfile: true,
    allowedAccountIds: [account],
    ...(provisioner && { assumeRole: { roleArn: provisioner } }),
  });
}
