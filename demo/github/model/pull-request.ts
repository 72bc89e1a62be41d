import type { Account } from "./account.ts";
import type { App } from "./app.ts";

/** One pull request between two branches of the same repository. Replaced, never changed in place. */
export interface PullRequest {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly author: Account;
  readonly headBranch: string;
  readonly headSha: string;
  readonly baseBranch: string;
  readonly baseSha: string;
  readonly state: "open" | "closed";
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  readonly merge: { readonly sha: string; readonly by: Account; readonly at: string } | null;
}

export interface IssueComment {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly app: App | null;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}
