import { bindingOf, takeRole } from "../../aws/session.ts";
import { awsOf } from "../../aws/stage.ts";
import { openTerraform } from "../../aws/terraform.ts";
import { emptyState, restoreVersionBefore } from "../../aws/versions.ts";
import { merge, proposeRelease } from "../../stage/release.ts";
import { expectDeployed, nextRecord } from "../deployed.ts";
import { expect, type Step } from "../step.ts";

export const restoredState: Step = {
  name: "a state is overwritten: its bucket has the version before",
  play: async (stage) => {
    const aws = awsOf(stage);
    const { bucket, prefix } = (await bindingOf(aws, "dev")).backend;
    const place = { Bucket: bucket, Key: `${prefix}/service.tfstate` };
    const keys = await takeRole(aws, "dev", "plan");
    const { run } = await openTerraform(stage, { stack: "service", name: "restored" });
    expect((await run(keys, ["init"])).ok, "terraform init succeeds");
    const list = async () => (await run(keys, ["state", "list"])).said;
    const before = await list();
    const count = await emptyState(aws, place);
    const lost = [
      expect(
        before.includes("terraform_data.service"),
        `dev's state of the service holds ${count} resources`,
      ),
      expect((await list()) === "", "it is overwritten: terraform state list says nothing"),
    ];
    const versions = await restoreVersionBefore(aws, place);
    const restored = [
      expect(versions > 1, `s3://${bucket} keeps ${versions} versions of it; the one before is copied back`),
      expect((await list()) === before, "terraform state list says what it said before"),
    ];
    const number = await nextRecord(stage, "dev");
    const merged = await merge(stage, await proposeRelease(stage, { version: "1.6.0", healthy: true }));
    const expected = {
      environment: "dev",
      number,
      version: "1.6.0",
      commit: merged.commit,
      since: merged.at,
    } as const;
    const { evidence } = await expectDeployed(stage, expected);
    return [...lost, ...restored, ...evidence];
  },
};
