import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type BegunCreates, begunCreates } from "../../../adapters/terraform/begun-creates.ts";
import { freshDirectory } from "../../support/directory.ts";

const resource = (addr: string) => ({ addr, resource_type: addr.split(".")[0] });
const start = (addr: string, action = "create") => ({
  type: "apply_start",
  hook: { resource: resource(addr), action },
});
const complete = (addr: string) => ({ ...start(addr), type: "apply_complete" });
const script = (addr: string) => ({
  type: "provision_start",
  hook: { resource: resource(addr), provisioner: "local-exec" },
});

const scriptEnd = (addr: string, type = "provision_complete") => ({ ...script(addr), type });

async function begunIn(events: readonly unknown[], rest = ""): Promise<BegunCreates> {
  const log = join(await freshDirectory(), "stdout");
  await writeFile(log, events.map((event) => `${JSON.stringify(event)}\n`).join("") + rest);
  return await begunCreates(log);
}

const nothing = { created: [], scripts: [] };

test("whatever an apply began to create is named, whether it said that it completed it or not", async () => {
  const events = [start("aws_vpc.a"), start("aws_vpc.b"), complete("aws_vpc.b")];
  expect(await begunIn(events)).toEqual({ created: ["aws_vpc.a", "aws_vpc.b"], scripts: [] });
});

test("changes and deletions leave nothing that the state does not know, whatever script they run", async () => {
  const events = [start("aws_vpc.a", "update"), start("aws_vpc.b", "delete"), script("aws_vpc.b")];
  expect(await begunIn(events)).toEqual(nothing);
});

test.each(["terraform_data.a", "null_resource.a", "random_password.a", "time_sleep.a"])(
  "%s is in the state alone, unless a script was run for it",
  async (address) => {
    const ran = [start(address), script(address), scriptEnd(address)];
    expect(await begunIn([start(address)])).toEqual(nothing);
    expect(await begunIn(ran)).toEqual({ created: [address], scripts: [] });
  },
);

test("a script that never ended is told apart", async () => {
  const all = ["aws_vpc.a", "aws_vpc.b", "aws_vpc.c"] as const;
  const ends = [scriptEnd(all[0]), scriptEnd(all[1], "provision_errored")];
  const events = [...all.map((one) => start(one)), ...all.map(script), ...ends];
  expect(await begunIn(events)).toEqual({ created: all, scripts: [all[2]] });
});

test("of two scripts of one resource the second one may be the one that never ended", async () => {
  const events = [start("a.b"), script("a.b"), scriptEnd("a.b"), script("a.b")];
  expect(await begunIn(events)).toEqual({ created: ["a.b"], scripts: ["a.b"] });
});

test("a name that begins alike is another type", async () => {
  expect((await begunIn([start("terraform_database.a")])).created).toEqual(["terraform_database.a"]);
});

test("lines that are none of Terraform's, and one that breaks off, are no obstacle", async () => {
  const events = [start("aws_vpc.a"), "nonsense", 7, { type: "apply_start" }];
  expect((await begunIn(events, '{"type":"apply_st')).created).toEqual(["aws_vpc.a"]);
});

test("where nothing was started nothing was begun", async () => {
  expect(await begunCreates(join(await freshDirectory(), "stdout"))).toEqual(nothing);
});
