// Looks at the argument list of every process that is started while this one runs, and prints each list once, when its
// standard input ends. Looks as often as it can without taking a processor for itself.
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const pids = () => readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
const earlier = new Set(pids());
const seen = new Set();

function look() {
  for (const pid of pids()) {
    if (earlier.has(pid)) continue;
    try {
      seen.add(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
    } catch {
      // It ended between the two looks.
    }
  }
}

let isOver = false;
process.stdin.resume().once("end", () => {
  isOver = true;
});
process.stdout.write("ready\n");
while (!isOver) {
  look();
  await pause(3);
}
process.stdout.write([...seen].join("\n"));
