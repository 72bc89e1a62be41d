import { createServer, type RequestListener, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { postAll } from "../../bench/harness/load.ts";
import { countTraffic } from "../../bench/harness/traffic.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address ? `http://127.0.0.1:${address.port}/` : "";
}

const requests = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    headers: { "x-number": String(index) },
    body: Buffer.from("x"),
  }));

describe("a load", () => {
  it("sends every request once, over as many connections as were asked for", async () => {
    const numbers: (string | string[] | undefined)[] = [];
    const sockets = new Set();
    const url = await serve((request, response) => {
      numbers.push(request.headers["x-number"]);
      sockets.add(request.socket);
      request.resume().once("end", () => response.end());
    });
    const { latencies, rate } = await postAll(url, requests(50), 4);
    expect(new Set(numbers).size).toBe(50);
    expect(numbers).toHaveLength(50);
    expect(latencies).toHaveLength(50);
    expect(rate).toBeGreaterThan(0);
    expect(sockets.size).toBe(4);
  });

  it("counts no request that was refused", async () => {
    const url = await serve((request, response) => {
      request.resume().once("end", () => response.writeHead(503).end());
    });
    await expect(postAll(url, requests(5), 2)).rejects.toThrow("answered 503");
  });
});

describe("traffic", () => {
  it("counts what this process's servers send, headers included, also on kept connections", async () => {
    const traffic = countTraffic();
    const url = await serve((request, response) => {
      request.resume().once("end", () => response.end("y".repeat(1000)));
    });
    await postAll(url, requests(3), 1);
    const sent = traffic.sent();
    traffic.stop();
    await postAll(url, requests(3), 1);
    expect(sent).toBeGreaterThan(3000);
    expect(sent).toBeLessThan(4000);
    expect(traffic.sent()).toBe(sent);
  });
});
