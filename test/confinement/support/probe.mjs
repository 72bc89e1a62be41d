// Runs as a repository's own code. Tries to reach everything named in targets.json and tells what it got: the secrets in
// what it could read, else the error's code. It knows where things are and needs only to be let in.
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

function tried(action) {
  try {
    return action();
  } catch (error) {
    return error.code ?? String(error);
  }
}

/** What is worth having in a text. */
const sift = (text) => (text.match(/canary-[\w-]+/g) ?? ["nothing"]).join(" ");

const readFile = (path) => tried(() => sift(readFileSync(path, "latin1")));

/** The secrets in a file, or in all files below a directory. */
function read(path) {
  const entries = tried(() => readdirSync(path, { recursive: true, withFileTypes: true }));
  if (!Array.isArray(entries)) return readFile(path);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map(readFile).join(" ");
}

/** Whether a file could be changed. */
const change = (path) => tried(() => closeSync(openSync(path, "r+")) ?? "opened");

/** What the other processes that can be seen give away: their environments, and the machine as they see it. */
function processes(path) {
  const names = [tried(() => readdirSync("/proc"))].flat();
  const others = names.filter((name) => /^[0-9]+$/.test(name) && name !== String(process.pid));
  return others.map((pid) => ({
    pid: Number(pid),
    environ: readFile(`/proc/${pid}/environ`),
    maps: readFile(`/proc/${pid}/maps`),
    throughRoot: readFile(`/proc/${pid}/root${path}`),
    descriptors: [tried(() => readdirSync(`/proc/${pid}/fd`))]
      .flat()
      .map((fd) => tried(() => readlinkSync(`/proc/${pid}/fd/${fd}`)))
      .join(" "),
  }));
}

/** Sends a line to an address and gives the answer. */
function ask({ host, port, line }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 500 });
    let answer = "";
    socket.once("connect", () => socket.end(line));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.once("timeout", () => socket.destroy(new Error("timeout")));
    socket.once("error", (error) => resolve(error.code ?? error.message));
    socket.once("close", () => resolve(answer));
  });
}

async function mapValues(table, action) {
  const entries = Object.entries(table).map(async ([name, value]) => [name, await action(value)]);
  return Object.fromEntries(await Promise.all(entries));
}

/** To a file, or where nothing can be written to a port of this machine. */
function send(report, text) {
  if (!/^[0-9]+$/.test(report)) return writeFileSync(report, text);
  return new Promise((resolve) => connect({ host: "127.0.0.1", port: Number(report) }).end(text, resolve));
}

export async function probe(targets, report) {
  const found = {
    files: await mapValues(targets.files, read),
    changed: await mapValues(targets.files, change),
    processes: processes(Object.values(targets.files)[0]),
    network: await mapValues(targets.network, ask),
  };
  await send(report, JSON.stringify(found));
}

const [targets, report] = process.argv.slice(2);
if (report) await probe(JSON.parse(readFileSync(targets, "utf8")), report);
