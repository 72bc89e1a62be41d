import { chmod, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { detectTerraform } from "../../../adapters/terraform/binary.ts";
import { freshDirectory } from "../../support/directory.ts";

async function printing(text: string): Promise<string> {
  const file = join(await freshDirectory(), "terraform");
  await writeFile(file, `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`);
  await chmod(file, 0o755);
  return file;
}

const detect = async (path: string) => {
  const home = await freshDirectory();
  return await detectTerraform(path, process.env, { home, temporary: tmpdir() });
};

test.each([
  ["Terraform v1.11.4\non linux_amd64", "terraform", "1.11.4"],
  ["Terraform v1.10.0-rc1", "terraform", "1.10.0-rc1"],
  ["OpenTofu v1.8.3\non linux_amd64", "opentofu", "1.8.3"],
  ["Terraform v2.0.0", "terraform", "2.0.0"],
])("%j is %s %s", async (text, name, version) => {
  const path = await printing(text);
  expect(await detect(path)).toEqual({ path, name, version });
});

test.each([
  ["Terraform v1.9.8", "terraform-outdated"],
  ["OpenTofu v1.7.0", "terraform-outdated"],
  ["Terraform v0.15.5", "terraform-outdated"],
  ["Something else", "terraform-missing"],
])("%j is refused: %s", async (text, code) => {
  await expect(detect(await printing(text))).rejects.toMatchObject({ code, source: "service" });
});

test("a program that is not there is named, with what to do", async () => {
  await expect(detect("/nonexistent/terraform")).rejects.toMatchObject({
    code: "terraform-missing",
    next: expect.stringContaining("WAYMARK_TERRAFORM"),
  });
});
