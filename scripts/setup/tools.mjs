import { SetupFailure } from "./failure.mjs";
import { findProgram } from "./program.mjs";
import { bubblewrap, installSystemPackage, redis, sshKeygen } from "./system-packages.mjs";

/** A Redis to embed, unless one is given from outside. */
export async function provideRedis() {
  if (process.env.WAYMARK_REDIS_URL) return undefined;
  return provide({
    programs: ["redis-server", "valkey-server"],
    thing: redis,
    code: "redis-missing",
    otherwise: "Or set WAYMARK_REDIS_URL to a Redis that runs elsewhere.",
  });
}

/** What `git verify-tag` calls to check a record's signature. */
export async function provideSshKeygen() {
  return provide({
    programs: ["ssh-keygen"],
    thing: sshKeygen,
    code: "ssh-keygen-missing",
    otherwise: "It comes with OpenSSH.",
  });
}

/** The sandbox that repository code runs in; it exists on Linux only, and Waymark can do without, at a price. */
export async function provideBubblewrap() {
  if (process.platform !== "linux" || findProgram("bwrap") !== undefined) return undefined;
  const result = await installSystemPackage(bubblewrap);
  if (result.installed !== undefined) return `installed ${result.installed}`;
  const advice = result.advice === "" ? "install bubblewrap" : result.advice;
  return `warning: bubblewrap is missing (${result.reason}), so repository code runs without a sandbox; to change that: ${advice}`;
}

async function provide({ programs, thing, code, otherwise }) {
  if (findProgram(...programs) !== undefined) return undefined;
  const result = await installSystemPackage(thing);
  if (result.installed !== undefined && findProgram(...programs) !== undefined)
    return `installed ${result.installed}`;
  throw new SetupFailure({
    code,
    message: `${programs.join(" or ")} is missing, and could not be installed: ${result.reason ?? `${result.installed} does not contain it`}.`,
    next: `${result.advice ? `Type: ${result.advice}` : `Install ${programs[0]} by hand`}. ${otherwise}`,
  });
}
