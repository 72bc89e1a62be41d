import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { detectSandbox } from "../../../adapters/sandbox/detect.ts";
import type { DeploymentTools } from "../../../jobs/phases/deployment.ts";
import { freshDirectory } from "../../support/directory.ts";
import { writeCheckout } from "./support/app.ts";
import { applied, results } from "./support/outcome.ts";
import { makeTools, makeWorld, secret, type World } from "./support/world.ts";

let tools: DeploymentTools;
let world: World;

beforeAll(async () => {
  tools = await makeTools();
});

beforeEach(async () => {
  world = await makeWorld(tools);
});

/** A checkout with one stack and a program to verify it. */
async function checkoutWith(program: string): Promise<string> {
  const checkout = await writeCheckout({ only: {} });
  await writeFile(join(checkout, "smoke.mjs"), program);
  return checkout;
}

const verify = { command: ["node", "smoke.mjs"], within: 30 };

test("the repository's own command sees the checkout, the variables and the network", async () => {
  const server = createServer((_, response) => response.end("up")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const program = `
    const { WAYMARK_ENVIRONMENT, WAYMARK_COMMIT, PORT, WEBHOOK_SECRET } = process.env;
    const answer = await (await fetch("http://127.0.0.1:" + PORT)).text();
    const seen = [answer, WAYMARK_ENVIRONMENT, WAYMARK_COMMIT?.length, WEBHOOK_SECRET].join();
    if (seen !== "up,dev,40,") throw new Error(seen);
  `;
  const policy = { verify, variables: { PORT: String(port) } };
  applied(await world.deployWith({ worktree: await checkoutWith(program), policy }));
  server.close();
});

test("a command that fails fails the deployment, with the end of what it printed, masked", async () => {
  const program = `console.error("no answer, ${secret}"); process.exit(3);`;
  const outcome = await world.deployWith({ worktree: await checkoutWith(program), policy: { verify } });
  const message = expect.stringMatching(/exit code 3\.\s+no answer, \*\*\*/);
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { code: "verification-failed", source: "user", message },
  });
  expect(results(outcome)).toEqual({ only: "applied" });
});

test("a command that takes too long is ended", async () => {
  const worktree = await checkoutWith("setInterval(() => {}, 1000);");
  const outcome = await world.deployWith({ worktree, policy: { verify: { ...verify, within: 1 } } });
  const message = expect.stringContaining("stopped after 1 seconds");
  expect(outcome).toMatchObject({ failure: { code: "verification-failed", message } });
});

test.runIf(process.platform === "linux")("a command can change nothing of what is deployed", async () => {
  const program = `import { writeFileSync } from "node:fs"; writeFileSync("changed", "");`;
  const outcome = await world.deployWith({ worktree: await checkoutWith(program), policy: { verify } });
  const message = expect.stringContaining("EROFS");
  expect(outcome).toMatchObject({ failure: { code: "verification-failed", message } });
});

test("a rollback runs it where the bundle's files are", async () => {
  const { bundle } = applied(await world.deploy({ only: {} }));
  const command = ["node", "-e", 'require("fs").readFileSync("stacks/only/cdk.tf.json")'];
  applied(await world.deployWith({ bundle, policy: { verify: { command, within: 30 } } }));
});

test("an apply that counts less than was planned is a failure, although Terraform ended well", async () => {
  const path = join(await freshDirectory(), "terraform");
  // The last word of an apply is changed; everything else is Terraform's own.
  const script = `#!/bin/sh\n"${tools.terraform.path}" "$@" >out.$$; code=$?\nsed 's/"add":1\\(.*"operation":"apply"\\)/"add":0\\1/' out.$$; rm out.$$; exit $code\n`;
  await writeFile(path, script);
  await chmod(path, 0o700);
  const sandbox = await detectSandbox("off");
  const lying = await makeWorld({ ...tools, sandbox, terraform: { ...tools.terraform, path } });
  expect(await lying.deploy({ only: {} })).toMatchObject({
    kind: "failed",
    failure: {
      code: "apply-incomplete",
      message: expect.stringContaining(
        "0 added, 0 changed, 0 removed instead of 1 added, 0 changed, 0 removed",
      ),
    },
  });
});
