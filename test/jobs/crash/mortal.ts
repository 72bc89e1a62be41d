import { expect } from "vitest";
import type { Repository } from "../../../adapters/git/repository.ts";
import type { GitHubClient } from "../../../adapters/github/client.ts";
import { createFakeRunner } from "../support/fake-runner.ts";
import type { Shop } from "../support/shop.ts";
import { startTestWorker, type TestWorker, type WorkerOptions } from "../support/worker.ts";

/** A worker whose process ends right before one of its steps: pushes, writes on GitHub, the start and end of a run. */
export interface MortalWorker extends TestWorker {
  readonly isDead: () => boolean;
}

class Death extends Error {
  override readonly name = "Death";
}

/** `dieBefore`: the step, counted from 1. A dead worker does nothing more, whatever its promises still wait for. */
export async function startMortalWorker(
  shop: Shop,
  dieBefore: number,
  options: WorkerOptions = {},
): Promise<MortalWorker> {
  let steps = 0;
  let dead = false;
  const step = (): void => {
    steps += 1;
    dead ||= steps >= dieBefore;
    if (dead) throw new Death("the worker died");
  };
  const { runner = createFakeRunner() } = options;
  const worker = await startTestWorker(shop, {
    ...options,
    github: watched(shop.world.installationClient(shop.installationId), step),
    git: (git) => mortalGit(git, step, () => dead),
    runner: {
      ...runner,
      run: async (input, hooks) => {
        step();
        const outcome = await runner.run(input, hooks);
        step();
        return outcome;
      },
    },
  });
  return { ...worker, isDead: () => dead };
}

function watched(client: GitHubClient, step: () => void): GitHubClient {
  client.hook.before("request", ({ method, url }) => {
    if (method !== "GET" && !url.endsWith("/access_tokens")) step();
  });
  return client;
}

function mortalGit(git: Repository, step: () => void, isDead: () => boolean): Repository {
  return {
    ...git,
    fetchRefs: async (patterns) => {
      if (isDead()) throw new Death("the worker died");
      return await git.fetchRefs(patterns);
    },
    pushRefs: async (updates) => {
      step();
      return await git.pushRefs(updates);
    },
  };
}

/** A worker that dies before a step, and one that takes over: what is left is what a crash there does. */
export async function dieAndTakeOver(
  shop: Shop,
  dieBefore: number,
  options: WorkerOptions,
): Promise<TestWorker> {
  const mortal = await startMortalWorker(shop, dieBefore, options);
  await mortal.reconcile().catch(() => undefined);
  expect(mortal.isDead()).toBe(true);
  const successor = await startTestWorker(shop, options);
  await successor.reconcile();
  return successor;
}

/** That a run has fewer steps than this one, so that no crash was left out. */
export async function expectFewerSteps(shop: Shop, than: number, options: WorkerOptions): Promise<void> {
  const mortal = await startMortalWorker(shop, than, options);
  await mortal.reconcile();
  expect(mortal.isDead()).toBe(false);
}
