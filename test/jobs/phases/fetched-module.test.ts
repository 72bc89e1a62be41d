import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDirectory } from "../../support/directory.ts";
import { applied } from "./support/outcome.ts";
import { useWorld, world } from "./support/scene.ts";

useWorld();

/** Archives by their path, each with one file, main.tf. */
const archives = new Map<string, Buffer>();
const server = createServer(({ url = "" }, response) => {
  const archive = archives.get(new URL(url, "http://localhost").pathname);
  response.writeHead(archive ? 200 : 404).end(archive);
});
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  url = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());

/** Where a module that holds this is fetched from. */
async function publish(name: string, text: string): Promise<string> {
  const directory = await freshDirectory();
  await writeFile(join(directory, "main.tf"), text);
  const packed = execa("tar", ["-czf", "-", "main.tf"], { cwd: directory, encoding: "buffer" });
  archives.set(`/${name}.tar.gz`, Buffer.from((await packed).stdout));
  return `${url}/${name}.tar.gz`;
}

const using = (source: string) => ({
  web: { json: { module: { m: { source, "//": { metadata: { path: "web/m" } } } } } },
});

test.each([
  ["foreign-remote-state", 'data "terraform_remote_state" "x" {\n  backend = "local"\n}\n'],
  ["foreign-place", 'output "x" {\n  value = file("/srv/state/shop/prod/web.tfstate")\n}\n'],
  ["forbidden-by-binding", 'terraform {\n  backend "consul" {}\n}\n'],
])("what init fetched is refused before it is planned: %s", async (code, text) => {
  const inner = await publish(`${code}-inner`, text);
  const source = await publish(code, `module "inner" {\n  source = "${inner}"\n}\n`);
  const { binding } = world.input({});
  const forbids = { backends: ["consul"] };
  const wish = { foreignPlaces: ["/srv/state/shop/prod"], binding: { ...binding, forbids } };
  expect(await world.deploy(using(source), wish)).toMatchObject({
    kind: "failed",
    failure: {
      code,
      source: "user",
      message: expect.stringContaining("module.m.module.inner/main.tf (construct web/m)"),
    },
  });
  expect(world.told).toEqual(["checkout", "synth", "init", "init web"]);
});

test("a module from elsewhere that keeps to its bounds is deployed", async () => {
  const source = await publish("plain", 'output "x" {\n  value = 1\n}\n');
  applied(await world.deploy(using(source)));
});
