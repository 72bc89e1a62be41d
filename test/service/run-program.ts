import { once } from "node:events";
import { WaymarkError } from "../../promotion/failure.ts";
import { type Running, runUntilStopped } from "../../service/run.ts";

/** A main part that does what its first argument says, and tells what is done to it. */
const say = (text: string): void => void process.stdout.write(`${text}\n`);
let abort = (): void => undefined;
const aborted = new Promise<void>((resolve) => {
  abort = resolve;
});
const alive = setInterval(() => undefined, 60_000);

const running: Running = {
  abort: () => {
    say("aborted");
    abort();
  },
  close: async () => {
    say("closing");
    if (process.argv[2] === "slow-to-close") await aborted;
    if (process.argv[2] === "fails-to-close") throw new Error("the end went wrong");
    clearInterval(alive);
    say("closed");
  },
};

const starts: Readonly<Record<string, () => Promise<Running>>> = {
  "slow-to-start": async () => {
    say("starting");
    await once(process, "SIGTERM");
    say("started");
    return running;
  },
  "never-starts": async () => {
    say("starting");
    return await new Promise(() => undefined);
  },
  "fails-on-purpose": async () => {
    throw new WaymarkError({
      code: "a-code",
      source: "service",
      message: "What went wrong.",
      next: "Do this.",
    });
  },
  "fails-by-surprise": async () => {
    throw new TypeError(`cannot read ghs_${"a".repeat(36)}`);
  },
  "throws-a-text": async () => {
    throw "only a text";
  },
};

const start =
  starts[process.argv[2] ?? ""] ??
  (async () => {
    say("started");
    return running;
  });
await runUntilStopped(start);
