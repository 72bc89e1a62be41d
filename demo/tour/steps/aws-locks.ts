import { buildGate } from "../../aws/gate.ts";
import { takeRole } from "../../aws/session.ts";
import { awsOf } from "../../aws/stage.ts";
import { openTerraform } from "../../aws/terraform.ts";
import { until } from "../../stage/wait.ts";
import { expect, type Step } from "../step.ts";

const apply = ["apply", "-auto-approve"];

export const oneLock: Step = {
  name: "two applies on one state: one gets the lock, the other waits",
  play: async (stage) => {
    await using gate = await buildGate();
    const keys = await takeRole(awsOf(stage), "dev", "apply");
    const first = await openTerraform(stage, { stack: "shared", name: "first", waitsAt: gate.url });
    const second = await openTerraform(stage, { stack: "shared", name: "second" });
    for (const { run } of [first, second]) expect((await run(keys, ["init"])).ok, "terraform init succeeds");
    const holder = first.run(keys, apply);
    await until("the first apply", async () => gate.entered());
    const impatient = await second.run(keys, apply);
    let told = "";
    const patient = second.run(keys, [...apply, "-lock-timeout=60s"], (chunk) => {
      told += chunk;
    });
    await until("the second apply to wait", async () => told.includes("Acquiring state lock"));
    gate.open();
    const [held, waited] = [await holder, await patient];
    return [
      expect(
        !impatient.ok && impatient.said.includes("Error acquiring the state lock"),
        "while one applies, S3 refuses the lock to another, which would not wait",
      ),
      expect(held.ok, "the one that got it succeeded"),
      expect(waited.ok, "one that waits for it (-lock-timeout) succeeded after that"),
      expect(
        (await second.run(keys, ["plan", "-detailed-exitcode"])).ok,
        "the state is the second one's: nothing is left to do there",
      ),
    ];
  },
};
