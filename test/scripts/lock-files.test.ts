import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

const locks = [
  "",
  "infra-core",
  "infra-core/targets/aws",
  "infra-app",
  "infra-app/targets/aws",
  "bench/app",
  "bench/template-app",
  "bench/peer",
  "test/conformance",
  "test/fixtures/cdktf-app",
].map((directory) => join(directory, "package-lock.json"));

async function packagesOf(lock: string) {
  return lockSchema.parse(JSON.parse(await readFile(join(import.meta.dirname, "../..", lock), "utf8")))
    .packages;
}

// npm ci refuses a lock file that leaves one out, on every platform; npm install quietly writes such a file when the
// registry at hand lacks the package.
test.each(locks)("%s names the packages of other platforms too", async (lock) => {
  const packages = await packagesOf(lock);
  const isNamed = (name: string) =>
    Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`));
  const optional = Object.values(packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  const missing = optional.filter((name) => !isNamed(name));
  expect(missing).toEqual([]);
});

test.each(locks)("%s names no registry, so that each machine asks its own", async (lock) => {
  const addresses = Object.values(await packagesOf(lock)).flatMap(({ resolved = "" }) =>
    /^https?:/.test(resolved) ? [resolved] : [],
  );
  expect(addresses).toEqual([]);
});
