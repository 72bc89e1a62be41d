import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attack, type Found } from "./support/attack.ts";
import { createMachine, greeting, type Machine } from "./support/machine.ts";

const linux = process.platform === "linux";
const phases = ["synth", "apply", "verify"] as const;
let machine: Machine;

beforeAll(async () => {
  machine = await createMachine();
});

afterAll(() => machine.close());

/** The places whose secret is somewhere in what was found. */
function stolen(found: unknown): string[] {
  const text = JSON.stringify(found);
  return [...machine.secrets].flatMap(([place, secret]) => (text.includes(secret) ? [place] : []));
}

describe.runIf(linux)("a hostile app in a sandbox", () => {
  let found: Found;

  beforeAll(async () => {
    found = await attack(machine, "required");
  });

  test("is deployed: what it was refused it kept to itself", () => {
    expect(found.outcome).toBe("applied");
  });

  test.each(phases)("%s finds no secret, wherever it is", (phase) => {
    expect(stolen(found[phase])).toEqual([]);
  });

  test.each(phases)("%s sees none of the places, and can change none", (phase) => {
    const { files, changed } = found[phase];
    expect(Object.keys(files)).toEqual(Object.keys(machine.targets.files));
    expect(new Set(Object.values(files))).toEqual(new Set(["ENOENT"]));
    expect(new Set(Object.values(changed))).toEqual(new Set(["ENOENT"]));
  });

  test.each(["synth", "verify"] as const)("%s sees no process of the worker's machine", (phase) => {
    expect(found[phase].processes.map(({ pid }) => pid)).not.toContain(found.worker);
  });

  test("apply sees that there is a worker, but neither its environment, its memory, its files nor its view", () => {
    const worker = found.apply.processes.find(({ pid }) => pid === found.worker);
    expect(worker).toMatchObject({ environ: "EACCES", maps: "EACCES", throughRoot: "EACCES" });
    expect(worker?.descriptors).toMatch(/^(EACCES\s?)*$/);
  });

  test("synth reaches nobody on the network, not even this machine", () => {
    expect(found.synth.network).toEqual({
      redis: "ECONNREFUSED",
      web: "ECONNREFUSED",
      public: "ENETUNREACH",
    });
  });

  test.each(["apply", "verify"] as const)(
    "%s shares the machine's network, where Redis wants a password that it has nowhere found",
    (phase) => {
      expect(found[phase].network.web).toBe(greeting);
      expect(found[phase].network.redis).toMatch(/^(-NOAUTH [^\r]*\r\n){2}$/);
    },
  );
});

test("the same app without a sandbox finds everything: it does try", async () => {
  const found = await attack(machine, "off");
  const places = [...machine.secrets.keys()].filter((place) => linux || !place.startsWith("environment"));
  for (const phase of phases) expect(stolen(found[phase])).toEqual(expect.arrayContaining(places));
  expect(found.synth.network.web).toBe(greeting);
  expect(new Set(Object.values(found.synth.changed))).toEqual(new Set(["opened", "EISDIR"]));
});
