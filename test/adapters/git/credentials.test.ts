import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { fetchRefs } from "../../../adapters/git/fetch.ts";
import { openMirror } from "../../../adapters/git/mirror.ts";
import { pushRefs } from "../../../adapters/git/push.ts";
import { readRefs } from "../../../adapters/git/refs.ts";
import { freshDirectory } from "../../support/directory.ts";
import { createRemote, installHook } from "../../support/git.ts";
import { mirrorOf } from "./fixture.ts";
import { type HttpRemote, serveOverHttp } from "./http-remote.ts";

const token = "ghs_secretTokenThatNobodyMaySee";
const header = `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`;

const servers: HttpRemote[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(before: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>) {
  const remote = await createRemote();
  const commit = await remote.commit({ files: { a: "1" }, branches: ["prod"] });
  const http = await serveOverHttp(remote, before);
  servers.push(http);
  return { remote, commit, http };
}

/** The command lines of all processes of this machine; empty for those that ended meanwhile. */
function commandLines(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        return "";
      }
    });
}

/** Every file below a directory, as one text. */
async function allFiles(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFile(path.join(entry.parentPath, entry.name), "latin1"));
  return (await Promise.all(texts)).join("\n");
}

describe("a token", () => {
  it("goes to the server with every request, and into no argument and no file", async () => {
    const seen: string[] = [];
    const { remote, commit, http } = await serve(async () => {
      seen.push(...commandLines());
      return true;
    });
    const mirror = await mirrorOf(http.url, token);
    await fetchRefs(mirror, ["refs/heads/prod"]);
    expect(await readRefs(mirror, ["refs/heads/prod"])).toEqual(new Map([["refs/heads/prod", commit]]));
    await pushRefs(mirror, [{ ref: "refs/tags/x", expected: undefined, target: commit }]);
    expect(await remote.readRef("refs/tags/x")).toBe(commit);
    expect(new Set(http.authorizations)).toEqual(new Set([header]));
    expect(seen.some((line) => line.includes(http.url) && line.includes("refs/heads/prod"))).toBe(true);
    expect(seen.filter((line) => line.includes(token) || line.includes(header.slice(6)))).toEqual([]);
    const files = await allFiles(path.dirname(mirror.directory));
    expect(files).not.toContain(token);
    expect(files).not.toContain(header.slice(6));
  });

  it("is asked for anew for each command, since it may have been renewed", async () => {
    const { http } = await serve(async () => true);
    let asked = 0;
    const mirror = await openMirror({
      root: await freshDirectory(),
      repository: 7,
      url: http.url,
      token: async () => `token-${++asked}`,
    });
    await fetchRefs(mirror, ["refs/heads/prod"]);
    await fetchRefs(mirror, ["refs/heads/prod"]);
    expect(new Set(http.authorizations).size).toBe(2);
  });

  it("follows no redirect to another server", async () => {
    const elsewhere = await serve(async () => true);
    const { http } = await serve(async (request, response) => {
      const location = new URL(request.url ?? "", elsewhere.http.url).href;
      response.writeHead(302, { location }).end();
      return false;
    });
    const mirror = await mirrorOf(http.url, token);
    await expect(fetchRefs(mirror, ["refs/heads/prod"])).rejects.toMatchObject({ code: "git-failed" });
    expect(elsewhere.http.authorizations).toEqual([]);
  });

  it("that is refused fails at once, asks nobody, and is not told", async () => {
    const { http } = await serve(async (_, response) => {
      response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
      return false;
    });
    const mirror = await mirrorOf(http.url, token);
    const error: unknown = await fetchRefs(mirror, ["refs/heads/prod"]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "git-failed" });
    const told = error instanceof Error ? `${error.message} ${error.stack} ${JSON.stringify(error)}` : "";
    expect(told).not.toContain(token);
    expect(told).not.toContain(header.slice(6));
  });
});

describe("git", () => {
  it("gets nothing of the worker's environment that is not on the list", async () => {
    const remote = await createRemote();
    const commit = await remote.commit({ branches: ["prod"] });
    const seen = path.join(remote.directory, "environment");
    await installHook(remote, "pre-receive", [`env > ${seen}`]);
    const mirror = await mirrorOf(remote.url);
    const hostile = { GIT_DIR: "/nowhere", GIT_TRACE: "1", WAYMARK_TEST_SECRET: "secret", HOME: "/nowhere" };
    const kept = { ...process.env };
    Object.assign(process.env, hostile);
    try {
      await fetchRefs(mirror, ["refs/heads/prod"]);
      await pushRefs(mirror, [{ ref: "refs/tags/x", expected: undefined, target: commit }]);
    } finally {
      for (const name of Object.keys(hostile)) {
        delete process.env[name];
        if (kept[name] !== undefined) process.env[name] = kept[name];
      }
    }
    const environment = await readFile(seen, "utf8");
    expect(environment).toContain("GIT_CONFIG_NOSYSTEM=1");
    expect(environment).not.toMatch(/^(GIT_TRACE|WAYMARK_TEST_SECRET|HOME)=/m);
    expect(environment).not.toContain("/nowhere");
  });
});
