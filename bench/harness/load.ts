import { Agent, request } from "node:http";

/** A request that was made ready before the clock runs. */
export interface PreparedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface LoadResult {
  /** Milliseconds from the request's first byte to the answer's last, of each request. */
  readonly latencies: readonly number[];
  /** Answered requests in a second. */
  readonly rate: number;
}

/** Posts all requests, over so many connections, each sending its next as soon as its last is answered with 2xx. */
export async function postAll(
  url: string,
  requests: readonly PreparedRequest[],
  connections: number,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const left = requests[Symbol.iterator]();
  const connection = async (): Promise<void> => {
    for (const prepared of left) {
      const began = performance.now();
      await post(url, prepared, agent);
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: connections }, connection));
    return { latencies, rate: (latencies.length / (performance.now() - began)) * 1000 };
  } finally {
    agent.destroy();
  }
}

function post(url: string, { headers, body }: PreparedRequest, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: "POST", agent, headers }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.once("error", reject);
      response.once("end", () => {
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`${url} answered ${statusCode}`));
      });
    });
    outgoing.once("error", reject).end(body);
  });
}
