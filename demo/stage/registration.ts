import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { LocalGitHub } from "../github/local-github.ts";
import type { AppSettings, RegisteredApp } from "../github/owner/apps.ts";
import { freePort } from "./port.ts";

/** Waymark registered as an App, and what its processes must be told to be that App. */
export interface Registration {
  readonly app: RegisteredApp;
  readonly webUrl: string;
  readonly webhookSecret: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Registers Waymark on a local GitHub, its webhooks going to a port that is free now. */
export async function registerWaymark(
  github: Pick<LocalGitHub, "createApp" | "apiUrl">,
): Promise<Registration> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const webhookSecret = randomBytes(24).toString("hex");
  const port = await freePort();
  const webUrl = `http://127.0.0.1:${port}`;
  const app = github.createApp({
    slug: "waymark",
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    webhookSecret,
    webhookUrl: `${webUrl}/api/github/webhooks`,
    ...(await readManifest()),
  });
  const environment = {
    APP_ID: String(app.id),
    PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    WEBHOOK_SECRET: webhookSecret,
    PORT: String(port),
    WAYMARK_GITHUB_API_URL: github.apiUrl,
  };
  return { app, webUrl, webhookSecret, environment };
}

const manifest = z.object({
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  default_events: z.array(z.string()),
});

/** The App asks the local GitHub for just what app.yml asks the real one for. */
async function readManifest(): Promise<Pick<AppSettings, "permissions" | "events">> {
  const file = path.resolve(import.meta.dirname, "../../app.yml");
  const { default_permissions, default_events } = manifest.parse(parse(await readFile(file, "utf8")));
  return { permissions: default_permissions, events: default_events } as Pick<
    AppSettings,
    "permissions" | "events"
  >;
}
