import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { z } from "zod";

/** Counts what the HTTP servers of this process send: here that is what the local GitHub sends. */
export interface Traffic {
  /** Bytes that were sent since the count began, on connections of requests that have been answered. */
  sent(): number;
  stop(): void;
}

const finished = z.object({ socket: z.custom<Socket>((value) => typeof value === "object") });
const channel = "http.server.response.finish";

export function countTraffic(): Traffic {
  const before = new WeakMap<Socket, number>();
  let total = 0;
  const onFinish = (message: unknown): void => {
    const { socket } = finished.parse(message);
    total += socket.bytesWritten - (before.get(socket) ?? 0);
    before.set(socket, socket.bytesWritten);
  };
  subscribe(channel, onFinish);
  return { sent: () => total, stop: () => void unsubscribe(channel, onFinish) };
}
