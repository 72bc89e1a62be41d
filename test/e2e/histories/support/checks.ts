import type { Octokit } from "@octokit/rest";

/** A check run as people see it. */
export interface SeenCheck {
  readonly id: number;
  readonly commit: string;
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
}

/** All check runs on a commit of `<owner>/shop`. */
export async function listChecks(rest: Octokit, owner: string, ref: string): Promise<readonly SeenCheck[]> {
  const filter = { owner, repo: "shop", ref, filter: "all", per_page: 100 } as const;
  const { data } = await rest.checks.listForRef(filter);
  return data.check_runs.map(({ id, name, status, conclusion, output }) => ({
    id,
    commit: ref,
    name,
    status,
    conclusion,
    title: output.title,
  }));
}
