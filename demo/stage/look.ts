import { z } from "zod";
import type { Person } from "./person.ts";

export interface SeenCheck {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string;
  readonly summary: string;
}

const serviceSchema = z.object({
  version: z.string(),
  environment: z.string(),
  /** Differs between any two starts of the process. */
  instance: z.string(),
});
export type Service = z.output<typeof serviceSchema>;

/** The tour's eyes: only what anybody could see from outside. */
export interface Look {
  /** `git ls-remote`: object ids by full ref name; annotated tags also peeled, as `<ref>^{}`. */
  refs(): Promise<ReadonlyMap<string, string>>;
  /** The newest check run of a name on a commit. */
  check(commit: string, name: string): Promise<SeenCheck | undefined>;
  /** The newest state of the newest Deployment of a commit to an environment. */
  deploymentState(commit: string, environment: string): Promise<string | undefined>;
  service(port: number): Promise<Service>;
}

export function createLook(cloneUrl: string, person: Person): Look {
  const repository = { owner: "acme", repo: "shop" };
  return {
    refs: async () => parseRefs(await person.git("ls-remote", cloneUrl)),
    check: async (commit, name) => {
      const { data } = await person.rest.checks.listForRef({ ...repository, ref: commit, check_name: name });
      const run = data.check_runs[0];
      if (!run) return undefined;
      const { id, status, conclusion, output } = run;
      return { id, status, conclusion, title: output.title ?? "", summary: output.summary ?? "" };
    },
    deploymentState: async (commit, environment) => {
      const { data } = await person.rest.repos.listDeployments({ ...repository, sha: commit, environment });
      const id = data[0]?.id;
      if (id === undefined) return undefined;
      const statuses = await person.rest.repos.listDeploymentStatuses({ ...repository, deployment_id: id });
      return statuses.data[0]?.state;
    },
    service: async (port) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2000) });
      return serviceSchema.parse(await response.json());
    },
  };
}

function parseRefs(output: string): ReadonlyMap<string, string> {
  const lines = output.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => [line.slice(line.indexOf("\t") + 1), line.slice(0, line.indexOf("\t"))]),
  );
}
