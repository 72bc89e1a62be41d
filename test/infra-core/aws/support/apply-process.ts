import { loadAwsCoreConfig } from "../../../../infra-core/targets/aws/config.ts";
import { awsCore } from "../../../../infra-core/targets/aws/core.ts";
import { preparedIn } from "./substitute.ts";

// An apply in a process of its own, which can be killed. Arguments: core.yml, Terraform, the directory of the core's
// own state, the prepared stacks.
const [file = "", terraform = "", directory = "", prepared = ""] = process.argv.slice(2);
const core = awsCore({
  config: await loadAwsCoreConfig(file),
  directory,
  synthesize: preparedIn(prepared),
  tools: {
    terraform,
    approve: async () => true,
    report: () => undefined,
    signal: new AbortController().signal,
  },
});
process.stdout.write(await core.apply());
