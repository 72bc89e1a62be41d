import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { download } from "../../scripts/setup/download.mjs";
import { serveFiles } from "./file-server.ts";

const content = randomBytes(200_000);
const sha256 = createHash("sha256").update(content).digest("hex");

test("gives the file when it is the right one", async () => {
  await using server = await serveFiles((_, response) => response.end(content));
  expect(await download({ url: `${server.url}/file`, sha256 })).toEqual(content);
  expect(server.requests).toEqual(["/file"]);
});

test("refuses another file, and does not ask again", async () => {
  await using server = await serveFiles((_, response) => response.end("something else"));
  await expect(download({ url: server.url, sha256, pause: 1 })).rejects.toMatchObject({
    code: "checksum-mismatch",
    message: expect.stringContaining(sha256),
  });
  expect(server.requests).toHaveLength(1);
});

test("tries again after a server error and after a download that broke off", async () => {
  await using server = await serveFiles((_, response) => {
    if (server.requests.length === 1) return response.writeHead(503).end();
    if (server.requests.length === 2) {
      response.writeHead(200, { "content-length": content.length });
      return response.write(content.subarray(0, 1000), () => response.destroy());
    }
    return response.end(content);
  });
  expect(await download({ url: server.url, sha256, pause: 1 })).toEqual(content);
  expect(server.requests).toHaveLength(3);
});

test("gives up after as many attempts as it was told, and says why", async () => {
  await using server = await serveFiles((_, response) => response.writeHead(500).end());
  await expect(download({ url: server.url, sha256, attempts: 3, pause: 1 })).rejects.toMatchObject({
    code: "download-failed",
    message: expect.stringContaining("500"),
  });
  expect(server.requests).toHaveLength(3);
});

test("does not ask again for what isn't there", async () => {
  await using server = await serveFiles((_, response) => response.writeHead(404).end());
  await expect(download({ url: server.url, sha256, pause: 1 })).rejects.toMatchObject({
    code: "download-failed",
  });
  expect(server.requests).toHaveLength(1);
});
