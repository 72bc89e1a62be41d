import { once } from "node:events";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type EmbeddedRedis, startEmbeddedRedis, stopEmbeddedRedis } from "../../service/redis.ts";
import { freshDirectory } from "../support/directory.ts";
import { ask, pidOf, startRedis, whileHung } from "../support/redis.ts";
import { isAlive, startProgram, untilGone } from "./support.ts";

const searchPath = process.env.PATH ?? "";
const started: EmbeddedRedis[] = [];
afterEach(async () => {
  for (const redis of started.splice(0)) await redis.close();
});

/** One that is closed after the test. */
async function start(directory?: string): Promise<EmbeddedRedis> {
  const redis = await startRedis(directory);
  started.push(redis);
  return redis;
}

const newDirectory = async () => path.join(await freshDirectory(), "redis");
const setting = async (url: string, name: string) => (await ask(url, "CONFIG", "GET", name)).split(",")[1];

/** What the server says to a line that somebody sends it who did not sign in. */
async function firstAnswer(port: number, line: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(line);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}

describe("an embedded Redis", () => {
  it("takes nobody without its password, and nobody from elsewhere", async () => {
    const { url } = await start();
    const { password, port, hostname } = new URL(url);
    expect(hostname).toBe("127.0.0.1");
    expect(password.length).toBeGreaterThanOrEqual(32);
    expect(await firstAnswer(Number(port), "FLUSHALL\r\n")).toMatch(/^-NOAUTH/);
    await expect(ask(`redis://:wrong@127.0.0.1:${port}`, "PING")).rejects.toThrow();
    await expect(ask(`redis://:${password}@127.0.0.2:${port}`, "PING")).rejects.toThrow();
    expect(await setting(url, "bind")).toBe("127.0.0.1");
  });

  it("confirms only what is on disk, and throws nothing away", async () => {
    const { url } = await start();
    const wanted = { appendonly: "yes", appendfsync: "always", "maxmemory-policy": "noeviction", save: "" };
    for (const [name, value] of Object.entries(wanted)) expect(await setting(url, name)).toBe(value);
  });

  it("shows its password to no other user: neither in its arguments nor in a file", async () => {
    const directory = await newDirectory();
    const { url } = await start(directory);
    const pid = await pidOf(url);
    const { password } = new URL(url);
    for (const file of ["cmdline", "environ"]) {
      expect(await readFile(`/proc/${pid}/${file}`, "utf8")).not.toContain(password);
    }
    expect((await stat(directory)).mode & 0o077).toBe(0);
    for (const name of await readdir(directory)) {
      const file = path.join(directory, name);
      const { mode } = await stat(file);
      const readable = (mode & 0o077) !== 0 && (await stat(file)).isFile();
      if (readable) expect(await readFile(file, "utf8")).not.toContain(password);
    }
  });

  it("ends when it is closed, also twice, also when it is gone already", async () => {
    const redis = await startRedis();
    const pid = await pidOf(redis.url);
    await redis.close();
    await untilGone(pid);
    await redis.close();
    const other = await startRedis();
    const killed = await pidOf(other.url);
    process.kill(killed, "SIGKILL");
    await untilGone(killed);
    await other.close();
  });

  it("finds its data again, also after a kill -9", async () => {
    const directory = await newDirectory();
    const first = await startRedis(directory);
    await ask(first.url, "SET", "a", "1");
    await first.close();
    const second = await startRedis(directory);
    expect(await ask(second.url, "GET", "a")).toBe("1");
    await ask(second.url, "SET", "b", "2");
    const pid = await pidOf(second.url);
    process.kill(pid, "SIGKILL");
    await untilGone(pid);
    await second.close();
    const third = await start(directory);
    expect(await ask(third.url, "MGET", "a", "b")).toBe("1,2");
    expect(third.url).not.toBe(first.url);
  });

  it("may live in a directory with an odd name", async () => {
    const directory = path.join(await freshDirectory(), 'a "b" \\ c # $d');
    const { url } = await start(directory);
    expect(await setting(url, "dir")).toBe(directory);
  });
});

describe("what an earlier owner left", () => {
  it("is stopped, and its data are taken over, when the owner was killed", async () => {
    const directory = await newDirectory();
    const owner = await startProgram("test/service/redis-owner.ts", [directory]);
    await owner.says("owns redis://");
    const url = owner.out().slice("owns ".length).trim();
    await ask(url, "SET", "a", "1");
    const pid = await pidOf(url);
    await owner.end("SIGKILL");
    expect(isAlive(pid)).toBe(true);
    const redis = await start(directory);
    await untilGone(pid);
    expect(await ask(redis.url, "GET", "a")).toBe("1");
  });

  it("is left alone while the owner lives", async () => {
    const directory = await newDirectory();
    const redis = await start(directory);
    const again = startEmbeddedRedis(directory, searchPath);
    await expect(again).rejects.toMatchObject({ code: "already-running", source: "service" });
    await expect(stopEmbeddedRedis(directory)).rejects.toMatchObject({ code: "already-running" });
    expect(await ask(redis.url, "PING")).toBe("PONG");
  });

  it("is never doubled when it hangs: two servers must not write the same files", async () => {
    const directory = await newDirectory();
    const redis = await start(directory);
    const again = () => startEmbeddedRedis(directory, searchPath);
    const refused = whileHung(redis.url, () => again().catch((error: unknown) => error));
    expect(await refused).toMatchObject({ code: "redis-not-stopped" });
    expect(await ask(redis.url, "PING")).toBe("PONG");
  });

  it("may be an address at which somebody else listens now", async () => {
    const directory = await newDirectory();
    const other = await start();
    await mkdir(directory);
    await writeFile(path.join(directory, "address"), other.url.replace(/:[^:@]+@/, ":old-password@"));
    const redis = await start(directory);
    expect(await ask(redis.url, "PING")).toBe("PONG");
    expect(await ask(other.url, "PING")).toBe("PONG");
  });

  it("may be nothing at all, or an address that makes no sense", async () => {
    const directory = await newDirectory();
    await stopEmbeddedRedis(directory);
    await mkdir(directory);
    await writeFile(path.join(directory, "address"), "redis://127.0.0.1:1");
    await stopEmbeddedRedis(directory);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("a start that fails", () => {
  const program = async (name: string, content: string) => {
    const directory = await freshDirectory();
    await writeFile(path.join(directory, name), content);
    await chmod(path.join(directory, name), 0o755);
    return directory;
  };

  it("says that no server is installed, and what to do", async () => {
    const nowhere = await freshDirectory();
    const refused = startEmbeddedRedis(await newDirectory(), `${nowhere}::/nowhere`);
    await expect(refused).rejects.toMatchObject({
      code: "redis-not-started",
      source: "service",
      message: expect.stringContaining("neither redis-server nor valkey-server"),
      next: expect.stringContaining("npm run setup"),
    });
  });

  it("tells how the server ended", async () => {
    const broken = await program("redis-server", "#!/bin/sh\nexit 3\n");
    const refused = startEmbeddedRedis(await newDirectory(), broken);
    await expect(refused).rejects.toMatchObject({
      code: "redis-not-started",
      message: expect.stringContaining("ended with 3"),
    });
  });

  it("does not begin anew on data that the server can't read", async () => {
    const directory = await newDirectory();
    const redis = await startRedis(directory);
    await ask(redis.url, "SET", "a", "1");
    await redis.close();
    const log = path.join(directory, "appendonlydir");
    const [increment = ""] = (await readdir(log)).filter((name) => name.endsWith(".incr.aof"));
    await writeFile(path.join(log, increment), "no log of Redis at all\n");
    await expect(startRedis(directory)).rejects.toMatchObject({ code: "redis-not-started" });
    expect(await readFile(path.join(log, increment), "utf8")).toContain("no log of Redis");
  });

  it("is none when only Valkey is there", async () => {
    const real = searchPath.split(":").map((directory) => path.join(directory, "redis-server"));
    const [found = ""] = (
      await Promise.all(
        real.map((file) =>
          stat(file).then(
            () => [file],
            () => [],
          ),
        ),
      )
    ).flat();
    const directory = await freshDirectory();
    await symlink(found, path.join(directory, "valkey-server"));
    const redis = await startEmbeddedRedis(await newDirectory(), directory);
    expect(await ask(redis.url, "PING")).toBe("PONG");
    await redis.close();
  });
});
