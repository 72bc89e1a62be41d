import { generateKeyPairSync } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { gitRepository, type Repository } from "../../../adapters/git/repository.ts";
import { signingKeyFromPem } from "../../../adapters/signing/keys.ts";
import { createSigner, type Signer } from "../../../adapters/signing/signer.ts";
import { freshDirectory } from "../../support/directory.ts";
import { createRemote, type Remote } from "../../support/git.ts";
import { mirrorOf } from "./fixture.ts";

const ref = "refs/tags/deploy/prod/1";

function newSigner(): Signer {
  const { privateKey } = generateKeyPairSync("ed25519");
  return createSigner(signingKeyFromPem(privateKey.export({ format: "pem", type: "pkcs8" }).toString()));
}

let remote: Remote;
let signer: Signer;
let ours: Repository;
let commit: string;

beforeEach(async () => {
  remote = await createRemote();
  signer = newSigner();
  ours = gitRepository(await mirrorOf(remote.url), signer);
  commit = await remote.commit({ files: { a: "1" }, branches: ["prod"] });
  await ours.fetchRefs(["refs/heads/prod"]);
});

/** Another worker with a mirror of its own. */
const openElsewhere = async (by: Signer) => gitRepository(await mirrorOf(remote.url), by);

async function publish(message: string): Promise<string> {
  const object = await ours.writeTag({ name: "deploy/prod/1", commit, message });
  expect(await ours.pushRefs([{ ref, expected: undefined, target: object }])).toEqual({ moved: true });
  return object;
}

describe("a repository", () => {
  it("packs what its fetches have left when it is told to, and not before", async () => {
    const mirror = await mirrorOf(remote.url);
    const theirs = gitRepository(mirror, signer);
    // So that each fetch leaves a pack, and two are too many.
    const settings = { "fetch.unpackLimit": "1", "gc.autoPackLimit": "1", "gc.autoDetach": "false" };
    for (const [name, value] of Object.entries(settings)) await mirror.local(["config", name, value]);
    for (const content of ["2", "3", "4"]) {
      await remote.commit({ files: { a: content }, branches: ["prod"] });
      await theirs.fetchRefs(["refs/heads/prod"]);
    }
    const packs = async () =>
      (await readdir(path.join(mirror.directory, "objects/pack"))).filter((name) => name.endsWith(".pack"));
    expect(await packs()).toHaveLength(3);
    await theirs.maintain();
    expect(await packs()).toHaveLength(1);
  });

  it("tells what the fetched refs hold, and only those", async () => {
    await remote.setRef("refs/tags/deploy/prod/current", commit);
    await remote.setRef("refs/tags/deploy/dev/current", commit);
    const refs = await ours.fetchRefs(["refs/tags/deploy/prod/*", "refs/heads/dev"]);
    expect(refs).toEqual(new Map([["refs/tags/deploy/prod/current", commit]]));
  });

  it("lets another worker read what one signed and pushed", async () => {
    const object = await publish("Deploy\n\nKind: promotion\n");
    const theirs = await openElsewhere(signer);
    expect(await theirs.fetchRefs([ref])).toEqual(new Map([[ref, object]]));
    expect((await theirs.readTags([object])).get(object)).toMatchObject({
      signature: "authentic",
      message: "Deploy\n\nKind: promotion\n",
      target: commit,
      name: "deploy/prod/1",
    });
    expect(await theirs.commitBehind(object)).toBe(commit);
  });

  it("names the key that it does not trust", async () => {
    const object = await publish("m\n");
    const theirs = await openElsewhere(newSigner());
    await theirs.fetchRefs([ref]);
    expect((await theirs.readTags([object])).get(object)).toMatchObject({
      signature: "unknown-key",
      fingerprint: signer.key.fingerprint,
    });
  });

  it("takes a person's tag for unsigned", async () => {
    await remote.git(["tag", "--annotate", "--message=Kind: promotion", "deploy/prod/9", commit]);
    const refs = await ours.fetchRefs(["refs/tags/deploy/prod/9"]);
    const [object = ""] = refs.values();
    expect((await ours.readTags([object])).get(object)).toMatchObject({ signature: "unsigned" });
  });

  it("remembers tags that it has read, and asks again for those it has not found", async () => {
    const theirs = await openElsewhere(signer);
    const object = await ours.writeTag({ name: "deploy/prod/1", commit, message: "m\n" });
    expect(await theirs.readTags([object])).toEqual(new Map());
    await ours.pushRefs([{ ref, expected: undefined, target: object }]);
    const read = await theirs.readTags([object]);
    expect([...read.keys()]).toEqual([object]);
    expect(await theirs.readTags([object])).toEqual(read);
  });

  it("fetches commits that no ref holds any more when it needs them", async () => {
    const lonely = await remote.commit({ files: { lonely: "1" } });
    expect(await ours.isAncestor(lonely, commit)).toBe(false);
    const another = await remote.commit({ files: { another: "1" } });
    const directory = path.join(await freshDirectory(), "checkout");
    await ours.exportCommit(another, directory);
    expect(await readFile(path.join(directory, "another"), "utf8")).toBe("1");
  });

  it("goes on after its mirror was deleted", async () => {
    const mirror = await mirrorOf(remote.url);
    const repository = gitRepository(mirror, signer);
    await repository.fetchRefs(["refs/heads/prod"]);
    await rm(mirror.directory, { recursive: true });
    expect(await repository.fetchRefs(["refs/heads/prod"])).toEqual(new Map([["refs/heads/prod", commit]]));
    expect(await repository.readFile(commit, "a")).toBe("1");
  });

  it.each<[string, (repository: Repository, tag: string) => Promise<unknown>, () => unknown]>([
    ["a file", (repository) => repository.readFile(commit, "a"), () => "1"],
    ["a commit", (repository) => repository.commitBehind(commit), () => commit],
    ["a tag's commit", (repository, tag) => repository.commitBehind(tag), () => commit],
    ["a tag", async (repository, tag) => (await repository.readTags([tag])).get(tag)?.target, () => commit],
    ["a tree", (repository) => repository.treesOf([commit]), () => ours.treesOf([commit])],
  ])("finds %s again when its mirror was deleted since it fetched", async (_, read, expected) => {
    const tag = await publish("m\n");
    const mirror = await mirrorOf(remote.url);
    const theirs = gitRepository(mirror, signer);
    await theirs.fetchRefs(["refs/heads/prod", ref]);
    await rm(mirror.directory, { recursive: true });
    expect(await read(theirs, tag)).toEqual(await expected());
  });

  it("knows what is not there from what was lost", async () => {
    const blob = (await remote.git(["rev-parse", `${commit}:a`])).trim();
    expect(await ours.readFile(commit, "b")).toBeUndefined();
    expect(await ours.commitBehind(blob)).toBeUndefined();
    expect(await ours.commitBehind("1".repeat(40))).toBeUndefined();
  });

  it("never lets two workers write the same record", async () => {
    const theirs = await openElsewhere(signer);
    await theirs.fetchRefs(["refs/heads/prod"]);
    const tags = await Promise.all(
      [ours, theirs].map((worker, index) =>
        worker.writeTag({ name: "deploy/prod/1", commit, message: `by ${index}\n` }),
      ),
    );
    const results = await Promise.all([
      ours.pushRefs([{ ref, expected: undefined, target: tags[0] }]),
      theirs.pushRefs([{ ref, expected: undefined, target: tags[1] }]),
    ]);
    expect(results.filter(({ moved }) => moved)).toHaveLength(1);
    expect(results.find(({ moved }) => !moved)).toMatchObject({ why: "stale" });
    expect(tags[results.findIndex(({ moved }) => moved)]).toBe(await remote.readRef(ref));
  });
});
