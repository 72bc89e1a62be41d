import { renameSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Registry } from "../../../../adapters/registry/schema.ts";
import type { CreatedRepository } from "../../../../demo/github/owner/repositories.ts";

/** What the admin provisioned; grows while Waymark runs. */
export interface GrowingRegistry {
  readonly file: string;
  /** Provisions `dev` of one more repository; gives the directory in which its resources may write. */
  add(repository: Pick<CreatedRepository, "id" | "fullName">): Promise<string>;
}

export async function createRegistry(directory: string): Promise<GrowingRegistry> {
  const file = path.join(directory, "registry.json");
  const repositories: Pick<CreatedRepository, "id" | "fullName">[] = [];
  const place = (id: number, kind: string) =>
    ({ type: "local", directory: path.join(directory, String(id), kind) }) as const;
  // In one breath: of two writers the one that knows less must not come last.
  const write = (): void => {
    const registry: Registry = {
      version: 1,
      environments: [{ name: "dev", branch: "dev", after: null }],
      repositories,
      bindings: repositories.map(({ id }) => ({
        repositoryId: id,
        environment: "dev",
        backend: place(id, "state"),
        artifacts: place(id, "artifacts"),
      })),
    };
    writeFileSync(`${file}.draft`, JSON.stringify(registry), { mode: 0o600 });
    renameSync(`${file}.draft`, file);
  };
  await mkdir(directory, { recursive: true });
  write();
  return {
    file,
    add: async ({ id, fullName }) => {
      const own = path.join(place(id, "state").directory, String(id));
      for (const made of [own, place(id, "artifacts").directory])
        await mkdir(made, { recursive: true, mode: 0o700 });
      repositories.push({ id, fullName });
      write();
      return own;
    },
  };
}
