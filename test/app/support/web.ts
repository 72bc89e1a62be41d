import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { deriveSigningKey } from "../../../adapters/signing/keys.ts";
import { createSigner } from "../../../adapters/signing/signer.ts";
import { startWeb, type Web } from "../../../app/web.ts";
import { freshDirectory } from "../../support/directory.ts";
import { keepLog, type LoggedLines } from "./log.ts";

export const webhookSecret = "webhook secret";

/** A key of the form that GitHub makes for an App. */
export function makeAppKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

export interface WebSettings {
  readonly redisUrl: string;
  readonly privateKey?: string;
  readonly appId?: number;
  readonly apiUrl?: string;
  /** What the registry file says; an empty registry unless told. */
  readonly registry?: object;
  readonly prefix?: string;
}

/** The web process's inside, on a free port. */
export async function startTestWeb(
  settings: WebSettings,
): Promise<Web & LoggedLines & { readonly breakRegistry: () => Promise<void> }> {
  const { privateKey = makeAppKey(), appId = 1, apiUrl = "http://127.0.0.1:9" } = settings;
  const kept = keepLog();
  const registry = await writeRegistry(settings.registry ?? registryOf([]));
  const web = await startWeb({
    app: { appId: String(appId), privateKey, webhookSecret, apiUrl },
    host: "127.0.0.1",
    port: 0,
    redisUrl: settings.redisUrl,
    prefix: settings.prefix ?? "test",
    registry,
    signer: createSigner(deriveSigningKey(privateKey), []),
    log: kept.log,
  });
  return { ...web, ...kept, breakRegistry: () => writeFile(registry, "{") };
}

/** A registry file as the core stack would write it. */
export async function writeRegistry(registry: object): Promise<string> {
  const file = path.join(await freshDirectory(), "registry.json");
  await writeFile(file, JSON.stringify(registry), { mode: 0o600 });
  return file;
}

/** dev, staging and prod follow dev, main and prod; experiment follows none. All are bound for these repositories. */
export function registryOf(repositories: readonly { readonly id: number; readonly fullName: string }[]) {
  const environments = [
    { name: "dev", branch: "dev" },
    { name: "staging", branch: "main", after: "dev" },
    { name: "prod", branch: "prod", after: "staging" },
    { name: "experiment" },
  ];
  const place = (kind: string, id: number, name: string) => ({
    type: "local",
    directory: `/srv/${kind}/${id}/${name}`,
  });
  const bindings = repositories.flatMap(({ id }) =>
    environments.map(({ name }) => ({
      repositoryId: id,
      environment: name,
      backend: place("state", id, name),
      artifacts: place("artifacts", id, name),
    })),
  );
  return {
    version: 1,
    environments,
    repositories: repositories.map(({ id, fullName }) => ({ id, fullName })),
    bindings,
  };
}
