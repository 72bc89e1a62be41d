import type { Account, Role } from "./account.ts";
import type { CheckRun, CheckSuite } from "./check.ts";
import type { Deployment } from "./deployment.ts";
import type { Lock } from "./lock.ts";
import type { IssueComment, PullRequest } from "./pull-request.ts";

/** A repository: a bare git directory, which is the truth about refs, and what GitHub keeps beside it. */
export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  readonly fullName: string;
  /** The bare repository on disk. */
  readonly directory: string;
  readonly defaultBranch: string;
  readonly collaborators: Map<string, Role>;
  readonly createdAt: string;
  pushedAt: string;
  readonly checkSuites: Map<number, CheckSuite>;
  readonly checkRuns: Map<number, CheckRun>;
  readonly deployments: Map<number, Deployment>;
  readonly pullRequests: Map<number, PullRequest>;
  readonly comments: Map<number, IssueComment>;
  /** Held around every change of refs, so that "before" and "after" are what really was. */
  readonly refs: Lock;
  /** Events of one repository leave in the order they happened. */
  readonly outbox: Lock;
}
