import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkOutShop, freePort, type Shop } from "./shop.ts";

let shop: Shop;
let port: number;
beforeEach(async () => {
  shop = await checkOutShop();
  port = await freePort();
});
afterEach(async () => {
  await shop.destroy();
  await shop.remove();
});

async function deploy(version: string, healthy = true): Promise<string> {
  await shop.release(version, healthy);
  await shop.synth({ WAYMARK_ENVIRONMENT: "dev", PORT: String(port) });
  return shop.apply();
}

const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);

test("a deployment runs the service, a new version replaces it, destroy leaves nothing running", async () => {
  await deploy("1.0.0");
  const first = await (await get("/")).json();
  expect(first).toMatchObject({ version: "1.0.0", environment: "dev" });
  expect((await get("/healthz")).status).toBe(200);
  expect(await shop.terraform("service", "output", "-raw", "url")).toBe(`http://127.0.0.1:${port}`);

  expect(await deploy("1.0.0")).toContain("No changes");
  expect(await (await get("/")).json()).toEqual(first);

  await deploy("1.1.0", false);
  expect(await (await get("/")).json()).toMatchObject({ version: "1.1.0", environment: "dev" });
  expect((await get("/healthz")).status).toBe(500);

  await shop.destroy();
  await expect(get("/")).rejects.toThrow();
});

test("an apply recovers from a service that was left running by one that was killed", async () => {
  await deploy("1.0.0");
  await shop.terraform("service", "taint", "terraform_data.service");
  await deploy("1.1.0");
  expect(await (await get("/")).json()).toMatchObject({ version: "1.1.0" });
});

test("only who knows the token can stop the service", async () => {
  await deploy("1.0.0");
  const headers = { "x-shutdown-token": "0".repeat(36) };
  expect((await fetch(`http://127.0.0.1:${port}/shutdown`, { method: "POST", headers })).status).toBe(403);
  expect((await get("/healthz")).status).toBe(200);
});

test("a port taken by somebody else is named, and that process is left alone", async () => {
  const stranger = createServer((_, response) => response.end("stranger")).listen(port, "127.0.0.1");
  await once(stranger, "listening");
  try {
    await expect(deploy("1.0.0")).rejects.toThrow(/did not start on 127\.0\.0\.1:\d+:\s+listen\s+EADDRINUSE/);
    expect(await (await get("/")).text()).toBe("stranger");
  } finally {
    stranger.close();
  }
});

test("the service outlives the directory it was started from", async () => {
  await deploy("1.0.0");
  await rm(join(shop.directory, "cdktf.out"), { recursive: true });
  expect((await get("/healthz")).status).toBe(200);
  await deploy("1.0.0");
});
