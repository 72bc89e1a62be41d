import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { source } from "./support/shop.ts";

const workflowSchema = z.object({
  permissions: z.strictObject({}),
  jobs: z.record(
    z.string(),
    z.object({
      environment: z.string().optional(),
      permissions: z.record(z.string(), z.string()),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});

describe("the example workflow", () => {
  const readWorkflow = () => readFile(join(source, ".github/workflows/image.yml"), "utf8");

  test("holds no key: it takes roles by GitHub's token, in an environment", async () => {
    const text = await readWorkflow();
    expect(text).not.toMatch(/\bsecrets\b|access-key/);
    const { jobs } = workflowSchema.parse(parse(text));
    for (const { environment, permissions } of Object.values(jobs)) {
      expect(permissions["id-token"] === "write").toBe(environment !== undefined);
      expect(permissions["id-token"] === "write" && permissions.contents === "write").toBe(false);
    }
  });

  test("pushes by digest, copies by digest, and builds in one place only", async () => {
    const text = await readWorkflow();
    expect(text.match(/buildx build /g)).toHaveLength(1);
    expect(text).toContain("push-by-digest=true");
    expect(text).toMatch(/skopeo copy --all --preserve-digests "docker:\/\/\$SOURCE@\$digest"/);
  });

  test("runs others' actions as they were looked at, and gives no shell an expression", async () => {
    const { jobs } = workflowSchema.parse(parse(await readWorkflow()));
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    for (const { uses } of steps.filter((step) => step.uses)) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    for (const { run } of steps.filter((step) => step.run)) expect(run).not.toContain("$" + "{{");
  });
});

test("its packages are the ones that were installed for the core stack and the local target", async () => {
  const schema = z.object({
    packages: z.record(
      z.string(),
      z.object({ version: z.string().optional(), integrity: z.string().optional() }),
    ),
  });
  const lock = async (path: string) =>
    schema.parse(JSON.parse(await readFile(join(source, path, "package-lock.json"), "utf8"))).packages;
  const [own, core, local] = [
    await lock("."),
    await lock("../../../infra-core/targets/aws"),
    await lock("../.."),
  ];
  const { "": _project, ...packages } = own;
  expect(Object.keys(packages).length).toBeGreaterThan(20);
  for (const [name, entry] of Object.entries(packages))
    expect([core[name], local[name]]).toContainEqual(entry);
});
