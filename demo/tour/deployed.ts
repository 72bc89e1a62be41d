import { untilChecked, untilRecord } from "../stage/release.ts";
import type { EnvironmentName } from "../stage/shop-source.ts";
import type { Stage } from "../stage/stage.ts";
import { until } from "../stage/wait.ts";
import { expect } from "./step.ts";

export interface Expected {
  readonly environment: EnvironmentName;
  readonly number: number;
  readonly commit: string;
  readonly version: string;
  /** When the merge was made, milliseconds since 1970. */
  readonly since: number;
}

/** Waits for a promotion and checks everything that can be seen of it from outside. Gives the seconds to the tag. */
export async function expectDeployed(
  stage: Stage,
  expected: Expected,
): Promise<{ seconds: number; evidence: string[] }> {
  const { environment, number, commit, version, since } = expected;
  const seconds = await untilRecord(stage, environment, number, since);
  const check = await untilChecked(stage, commit, `deploy/${environment}`);
  const state = await until("the Deployment", async () => {
    const seen = await stage.look.deploymentState(commit, environment);
    return seen === "success" ? seen : undefined;
  });
  const refs = await stage.look.refs();
  const service = await stage.look.service(stage.ports[environment]);
  const base = `refs/tags/deploy/${environment}`;
  return {
    seconds,
    evidence: [
      expect(
        refs.get(`${base}/${number}^{}`) === commit,
        `deploy/${environment}/${number} is ${commit.slice(0, 8)}`,
      ),
      expect(
        refs.get(`${base}/current`) === refs.get(`${base}/${number}`),
        `deploy/${environment}/current is that very tag`,
      ),
      expect(check.conclusion === "success", `check run deploy/${environment}: ${check.title}`),
      expect(state === "success", `Deployment to ${environment}: ${state}`),
      expect(
        service.version === version,
        `http://127.0.0.1:${stage.ports[environment]}/ answers ${service.version}`,
      ),
      `${seconds.toFixed(1)} s from merge to tag`,
    ],
  };
}

/** Nothing moved: `current` is still the record of this number. */
export async function expectCurrent(
  stage: Stage,
  environment: EnvironmentName,
  number: number,
): Promise<string> {
  const refs = await stage.look.refs();
  const base = `refs/tags/deploy/${environment}`;
  const same = refs.get(`${base}/current`) === refs.get(`${base}/${number}`);
  const next = refs.has(`${base}/${number + 1}`);
  return expect(same && !next, `deploy/${environment}/current is still deploy/${environment}/${number}`);
}

/** Waits until nothing is unfinished: the journal holds the record of this number. */
export async function untilSettled(
  stage: Stage,
  environment: EnvironmentName,
  number: number,
): Promise<void> {
  await until(`${environment} to settle`, async () => {
    const refs = await stage.look.refs();
    const base = `refs/tags/deploy/${environment}`;
    return refs.has(`${base}/${number}`) && refs.get(`${base}/attempt`) === refs.get(`${base}/${number}`);
  });
}

/** The number that the next record of an environment gets. */
export async function nextRecord(stage: Stage, environment: EnvironmentName): Promise<number> {
  const base = `refs/tags/deploy/${environment}/`;
  const numbers = [...(await stage.look.refs()).keys()].map((ref) =>
    ref.startsWith(base) ? Number(ref.slice(base.length)) : Number.NaN,
  );
  return 1 + Math.max(0, ...numbers.filter(Number.isInteger));
}
