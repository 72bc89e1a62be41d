import { createServer } from "node:http";
import type { BenchContext } from "../../harness/figure.ts";
import { seededRandom } from "./random.ts";

/** What resources depend on while they are made: mostly it is there. */
export interface FlakyService {
  /** A resource's command: asks the service, and fails as a lost connection does when it is not there. */
  readonly command: string;
  /** How often it was not there. */
  failures(): number;
}

/** A service that fails this share (0 to 1) of those who ask it. */
export async function startFlakyService({ atEnd }: BenchContext, share: number): Promise<FlakyService> {
  const random = seededRandom(1);
  let failures = 0;
  const server = createServer((_, response) => {
    const fails = random() < share;
    if (fails) failures += 1;
    response.writeHead(fails ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const script = `fetch("http://127.0.0.1:${port}/").then(({ ok }) => { if (!ok) throw "read: connection reset by peer"; })`;
  return { command: `node -e '${script}'`, failures: () => failures };
}
