import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { checkOutShop, type Shop } from "./shop.ts";

let shop: Shop;
beforeEach(async () => {
  shop = await checkOutShop();
});
afterEach(() => shop.remove());

const dev = { WAYMARK_ENVIRONMENT: "dev", PORT: "4101" };

const serviceStack = z.object({
  data: z.object({ terraform_remote_state: z.record(z.string(), z.unknown()) }),
  output: z.record(z.string(), z.object({ value: z.string() })),
  resource: z.object({
    terraform_data: z.object({ service: z.object({ triggers_replace: z.record(z.string(), z.string()) }) }),
  }),
});

async function synthesized(): Promise<string[]> {
  const names = ["manifest.json", "stacks/network/cdk.tf.json", "stacks/service/cdk.tf.json"];
  return Promise.all(names.map((name) => readFile(join(shop.directory, "cdktf.out", name), "utf8")));
}

async function service() {
  return serviceStack.parse(JSON.parse((await synthesized())[2] ?? ""));
}

test("the service stack reads the network stack's state, and declares what the policy requires", async () => {
  await shop.synth(dev);
  const stack = await service();
  expect(Object.keys(stack.data.terraform_remote_state)).toHaveLength(1);
  expect(Object.keys(stack.output).sort()).toEqual(["url", "version"]);
});

test("the release and the environment decide what runs", async () => {
  await shop.release("2.0.0-rc.1", false);
  await shop.synth({ WAYMARK_ENVIRONMENT: "prod", PORT: "4103" });
  const stack = await service();
  expect(stack.output.version?.value).toBe("2.0.0-rc.1");
  expect(stack.resource.terraform_data.service.triggers_replace).toMatchObject({
    version: "2.0.0-rc.1",
    healthy: "false",
    environment: "prod",
  });
});

test("the same input gives the same bytes, wherever the checkout is", async () => {
  await shop.synth(dev);
  const first = await synthesized();
  expect(first.join("")).not.toContain(shop.directory);
  await shop.synth(dev);
  expect(await synthesized()).toEqual(first);
  await shop.remove();
  shop = await checkOutShop();
  await shop.synth(dev);
  expect(await synthesized()).toEqual(first);
});

test("the service's files travel with the stack, without the repository", async () => {
  await shop.synth(dev);
  const { files } = (await service()).resource.terraform_data.service.triggers_replace;
  const assets = join(shop.directory, "cdktf.out/stacks/service/assets");
  const { stdout } = await execa("find", [assets, "-path", `*/${files}/server.mjs`]);
  expect(await readFile(stdout, "utf8")).toBe(
    await readFile(join(shop.directory, "service/server.mjs"), "utf8"),
  );
});

test.each([
  ["no environment", { PORT: "4101" }, "WAYMARK_ENVIRONMENT"],
  ["no port", { WAYMARK_ENVIRONMENT: "dev" }, "environments.dev.variables.PORT"],
  ["a port that is none", { WAYMARK_ENVIRONMENT: "dev", PORT: "0x50" }, "environments.dev.variables.PORT"],
  ["a port out of range", { WAYMARK_ENVIRONMENT: "dev", PORT: "65536" }, "environments.dev.variables.PORT"],
])("%s is refused by name", async (_, variables, name) => {
  await expect(shop.synth(variables)).rejects.toThrow(name);
});

test("a version cannot smuggle an expression into the configuration", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Terraform's syntax that is refused here
  await shop.release('${file("/etc/passwd")}');
  await expect(shop.synth(dev)).rejects.toThrow("release.json");
});
