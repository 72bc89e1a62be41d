import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findInstallation } from "../../../adapters/github/installations.ts";
import { mayMaintain } from "../../../adapters/github/permissions.ts";
import { address, findRepository } from "../../../adapters/github/repository.ts";
import { type Board, setBoard } from "./board.ts";

let board: Board;
beforeAll(async () => {
  board = await setBoard();
});
afterAll(() => board.close());

describe("a repository", () => {
  it("is found by its number, with the addresses that GitHub names", async () => {
    const found = await findRepository(board.client(), board.installationId, board.repository.id);
    expect(found).toMatchObject({
      id: board.repository.id,
      owner: "acme",
      name: "shop",
      installationId: board.installationId,
      cloneUrl: board.repository.cloneUrl,
      webUrl: `${board.github.url}/acme/shop`,
    });
    expect(address(found)).toEqual({ owner: "acme", repo: "shop" });
  });

  it("that the installation does not see is not found", async () => {
    const { id } = await board.github.createRepository("acme/hidden");
    await expect(findRepository(board.client(), board.installationId, id)).rejects.toMatchObject({
      status: 404,
    });
  });
});

describe("permission", () => {
  it.each([
    ["admin", true],
    ["maintain", true],
    ["write", false],
    ["triage", false],
    ["read", false],
  ] as const)("%s is good enough for a request: %s", async (role, good) => {
    const login = `person-${role}`;
    board.github.createUser(login);
    board.github.setRole("acme/shop", login, role);
    expect(await mayMaintain(board.shopRepository, login)).toBe(good);
  });

  it("counts as it is now", async () => {
    board.github.createUser("changing");
    board.github.setRole("acme/shop", "changing", "maintain");
    expect(await mayMaintain(board.shopRepository, "changing")).toBe(true);
    board.github.setRole("acme/shop", "changing", undefined);
    expect(await mayMaintain(board.shopRepository, "changing")).toBe(false);
  });

  it("nobody, a stranger, a bot and an odd name have none", async () => {
    for (const login of ["nobody", "mallory", "waymark[bot]", "../../user", "a b", "%2e%2e", "ghost"]) {
      expect(await mayMaintain(board.shopRepository, login)).toBe(false);
    }
  });

  it("that can't be asked for is no answer", async () => {
    const effect = { kind: "respond", status: 403, message: "Forbidden" } as const;
    board.github.faults.onRequest({ path: /permission$/, effect });
    await expect(mayMaintain(board.shopRepository, "alice")).rejects.toMatchObject({ status: 403 });
  });
});

describe("an installation", () => {
  it("is found by a repository's name, as the App, and asked for once", async () => {
    const before = board.github.requests.length;
    expect(await findInstallation(board.asApp, "acme/shop")).toBe(board.installationId);
    expect(await findInstallation(board.asApp, "acme/shop")).toBe(board.installationId);
    const asked = board.github.requests.slice(before);
    expect(asked.map(({ who }) => who)).toEqual([`app:${board.app.id}`]);
  });

  it("is none where the App is not installed, until it is", async () => {
    await board.github.createRepository("acme/new");
    expect(await findInstallation(board.asApp, "acme/new")).toBeUndefined();
    expect(await findInstallation(board.asApp, "nobody/nothing")).toBeUndefined();
    const { installationId } = board.github.install(board.app, "acme", ["acme/new"], "alice");
    expect(await findInstallation(board.asApp, "acme/new")).toBe(installationId);
  });

  it("is not found to be none when GitHub can't tell", async () => {
    const effect = { kind: "respond", status: 403 } as const;
    board.github.faults.onRequest({ path: /\/installation$/, effect });
    await expect(findInstallation(board.asApp, "acme/other")).rejects.toMatchObject({ status: 403 });
  });
});
