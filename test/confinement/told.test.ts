import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { DeploymentOutcome } from "../../jobs/phases/deployment.ts";
import { writeCheckout } from "../jobs/phases/support/app.ts";
import { makeTools, makeWorld, type World } from "../jobs/phases/support/world.ts";

let world: World;

beforeAll(async () => {
  world = await makeWorld(await makeTools());
});

/** Deploys an app whose synth is this script. */
async function synthesize(script: string): Promise<DeploymentOutcome> {
  const worktree = await writeCheckout({ only: {} });
  await writeFile(join(worktree, "main.mjs"), script);
  return await world.deployWith({ worktree });
}

describe.runIf(process.platform === "linux")("the deployment says what the sandbox refused", () => {
  test("to synth: the worker's environment", async () => {
    const script = `import { readFileSync } from "node:fs"; readFileSync("/proc/${process.pid}/environ");`;
    expect(await synthesize(script)).toMatchObject({
      kind: "failed",
      failure: {
        code: "sandbox-refused",
        source: "user",
        message: expect.stringContaining(
          `does not let a repository's code reach /proc/${process.pid}/environ`,
        ),
        next: expect.stringContaining("variables"),
      },
    });
  });

  test("to synth: the network", async () => {
    expect(await synthesize('await fetch("http://127.0.0.1:6379/");')).toMatchObject({
      kind: "failed",
      failure: { code: "sandbox-offline", message: expect.stringContaining("gives synth no network") },
    });
  });

  test("to a verification: a file of the worker's machine", async () => {
    const verify = { command: ["cat", "/etc/shadow"], within: 30 };
    const worktree = await writeCheckout({ only: {} });
    expect(await world.deployWith({ worktree, policy: { verify } })).toMatchObject({
      kind: "failed",
      failure: { code: "sandbox-refused", message: expect.stringContaining("code reach /etc/shadow.") },
    });
  });

  test("to apply: a file of the worker's machine", async () => {
    const outcome = await world.deploy({ only: { command: "cat /etc/shadow" } });
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: { code: "sandbox-refused", message: expect.stringContaining("code reach /etc/shadow.") },
    });
    expect(outcome.stacks[0]?.reason).toContain("The sandbox does not let");
  });
});
