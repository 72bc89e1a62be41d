import { pressAction, pressMerge, pressRerun } from "../changes/press.ts";
import { resolveCommit } from "../git/history.ts";
import { notFound } from "../http/api-error.ts";
import type { Route } from "../http/router.ts";
import type { CheckRun } from "../model/check.ts";
import type { PullRequest } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import { findRepository } from "../model/world.ts";
import { commitPage } from "./commit-page.ts";
import { homePage } from "./home-page.ts";
import type { PageContent } from "./layout.ts";
import type { PageCall } from "./page-call.ts";
import { pullPage } from "./pull-page.ts";
import { repositoryPage } from "./repository-page.ts";
import { runPage } from "./run-page.ts";

/** A page to show, or the path to go to after a button was pressed. */
export type PageAnswer = PageContent | { readonly goTo: string };

export interface PageRoute extends Pick<Route, "method" | "template"> {
  readonly handle: (call: PageCall) => PageAnswer | Promise<PageAnswer>;
}

/** Every page, and every button on them. */
export const pages: readonly PageRoute[] = [
  { method: "GET", template: "/", handle: ({ world }) => homePage(world) },
  { method: "GET", template: "/{owner}/{repo}", handle: (call) => repositoryPage(repositoryOf(call)) },
  {
    method: "GET",
    template: "/{owner}/{repo}/pull/{number}",
    handle: (call) => pullPage(repositoryOf(call), pullOf(call)),
  },
  {
    method: "GET",
    template: "/{owner}/{repo}/runs/{number}",
    handle: (call) => runPage(repositoryOf(call), runOf(call)),
  },
  { method: "GET", template: "/{owner}/{repo}/commit/{sha}", handle: showCommit },
  { method: "POST", template: "/{owner}/{repo}/pull/{number}/merge", handle: merge },
  { method: "POST", template: "/{owner}/{repo}/runs/{number}/rerequest", handle: rerun },
  { method: "POST", template: "/{owner}/{repo}/runs/{number}/actions", handle: act },
];

function repositoryOf({ world, parameters }: PageCall): Repository {
  const repository = findRepository(world, `${parameters.owner}/${parameters.repo}`);
  if (repository === undefined) throw notFound();
  return repository;
}

function pullOf(call: PageCall): PullRequest {
  return item(call, repositoryOf(call).pullRequests);
}

function runOf(call: PageCall): CheckRun {
  return item(call, repositoryOf(call).checkRuns);
}

function item<Item>({ parameters }: PageCall, items: ReadonlyMap<number, Item>): Item {
  const found = items.get(Number(parameters.number));
  if (found === undefined) throw notFound();
  return found;
}

async function showCommit(call: PageCall): Promise<PageAnswer> {
  const repository = repositoryOf(call);
  const sha = await resolveCommit(repository.directory, call.parameters.sha ?? "");
  if (sha === undefined) throw notFound();
  return commitPage(repository, sha);
}

async function merge(call: PageCall): Promise<PageAnswer> {
  const repository = repositoryOf(call);
  await pressMerge(call.world, repository, call.user, pullOf(call).number);
  return { goTo: `/${repository.fullName}` };
}

function rerun(call: PageCall): PageAnswer {
  const repository = repositoryOf(call);
  pressRerun(call.world, repository, call.user, runOf(call));
  return { goTo: `/${repository.fullName}` };
}

function act(call: PageCall): PageAnswer {
  const repository = repositoryOf(call);
  pressAction(call.world, repository, call.user, runOf(call), call.form.get("identifier") ?? "");
  return { goTo: `/${repository.fullName}` };
}
