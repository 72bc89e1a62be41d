import { connect } from "node:net";
import { deliver, send, sign } from "../../app/support/http.ts";

/** What somebody who can only send HTTP does at the web process's address; gives the answer's status. */
export interface Door {
  /** A delivery right in every way, but for what is given. */
  deliver(
    body: string | Buffer,
    options?: { readonly event?: string; readonly headers?: Record<string, string | string[] | undefined> },
  ): Promise<number>;
  get(path: string): Promise<number>;
  /** Bytes as they are, on a connection of their own. */
  raw(text: string): Promise<number>;
  /** A body that comes piece by piece; the sender pauses after 26 MB, so that only an early answer ends it. */
  stream(size: number, headers?: Readonly<Record<string, string>>): Promise<number>;
}

export const webhooks = "/api/github/webhooks";
export { sign };

export function openDoor(url: string): Door {
  return {
    deliver: async (body, options) => (await deliver(url, body, options)).status,
    get: async (path) => (await send(url, { path })).status,
    raw: (text) => sendRaw(url, text),
    stream: (size, headers = {}) => streamTo(url, size, headers),
  };
}

/** The status of the first answer. A server that hangs up has answered, too. */
function sendRaw(url: string, text: string): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let said = "";
    const socket = connect(Number(port), hostname, () => socket.write(text, "latin1"));
    const finish = () => resolve(Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(said)?.[1] ?? hungUp));
    socket.on("data", (data) => {
      said += data.toString("latin1");
      socket.destroy();
    });
    socket.on("close", finish).on("error", () => undefined);
  });
}

/** No status of HTTP's. */
export const hungUp = 0;

const chunk = Buffer.alloc(1024 * 1024, " ");
const pauseAfter = 26 * chunk.length;

async function streamTo(
  url: string,
  size: number,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const options = { method: "POST", path: webhooks, headers };
  const answer = await send(url, options, (outgoing) => {
    let sent = 0;
    const next = () => {
      if (sent >= Math.min(size, pauseAfter)) return;
      sent += chunk.length;
      outgoing.write(chunk, next);
    };
    next();
  });
  return answer.status;
}
