import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { certificates, npmSettings, readOperatorSettings } from "../../../adapters/synth/npm-settings.ts";
import { freshDirectory } from "../../support/directory.ts";

const token = "npm_0123456789abcdef0123456789abcdef0123";

/** A worker whose user told npm where packages are. */
async function operatorWith(lines: readonly string[]) {
  const home = await freshDirectory();
  await writeFile(join(home, ".npmrc"), `${lines.join("\n")}\n`);
  return await readOperatorSettings({ PATH: process.env.PATH, HOME: home });
}

describe("how the operator's npm reaches the registry", () => {
  it("is passed on to an install, certificates included", async () => {
    const operator = await operatorWith([
      "registry=https://packages.example/npm/",
      "cafile=/etc/example/ca.pem",
      "https-proxy=http://proxy.example:3128/",
    ]);
    expect(npmSettings(operator, "/cache")).toMatchObject({
      npm_config_registry: "https://packages.example/npm/",
      npm_config_cafile: "/etc/example/ca.pem",
      npm_config_https_proxy: "http://proxy.example:3128/",
      npm_config_cache: "/cache",
    });
    expect(certificates(operator, {})).toContain("/etc/example/ca.pem");
  });

  it("is passed on without any credential", async () => {
    const operator = await operatorWith([`//packages.example/npm/:_authToken=${token}`, `_auth=${token}`]);
    expect(JSON.stringify(npmSettings(operator, "/cache"))).not.toContain(token);
  });

  it("is asked for once in a worker's life", async () => {
    const home = await freshDirectory();
    const worker = { PATH: process.env.PATH, HOME: home };
    await writeFile(join(home, ".npmrc"), "registry=https://packages.example/\n");
    const [one, other] = await Promise.all([readOperatorSettings(worker), readOperatorSettings(worker)]);
    await rm(join(home, ".npmrc"));
    expect(one.registry).toBe("https://packages.example/");
    expect([other, await readOperatorSettings(worker)].every((answer) => answer === one)).toBe(true);
  });
});
