import type { ObjectId } from "../../promotion/object-id.ts";
import { makeOnce, unrepeated } from "./make-once.ts";
import { address, type GitHubRepository } from "./repository.ts";

/** GitHub refuses longer texts. */
const maximumText = 65_535;

export type Conclusion = "success" | "failure" | "neutral" | "skipped" | "action_required";

/** What a check run says. Markdown in summary and text. */
export interface CheckOutput {
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
}

export interface CheckAction {
  /** 20 characters at most. */
  readonly label: string;
  /** 40 characters at most. */
  readonly description: string;
  /** 20 characters at most. */
  readonly identifier: string;
}

/** The state that a check run shall have. */
export interface CheckState {
  readonly name: string;
  readonly commit: ObjectId;
  /** Whose check run it is: an attempt's object id, or what else explains it. */
  readonly externalId: string;
  /** Undefined while it is in progress. */
  readonly conclusion: Conclusion | undefined;
  readonly output: CheckOutput;
  /** Three at most. */
  readonly actions?: readonly CheckAction[];
}

/** A check run of our own App. */
export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly commit: ObjectId;
  readonly externalId: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly url: string | null;
}

/** All check runs of our App on a commit, newest first; others' check runs never count. */
export async function listCheckRuns(
  repository: GitHubRepository,
  appId: number,
  commit: ObjectId,
  name?: string,
): Promise<readonly CheckRun[]> {
  const runs = await repository.client.paginate(repository.client.checks.listForRef, {
    ...address(repository),
    ref: commit,
    filter: "all",
    app_id: appId,
    per_page: 100,
    ...(name !== undefined && { check_name: name }),
  });
  const own = runs.filter((run) => run.app?.id === appId);
  return own.map(toCheckRun).sort((a, b) => b.id - a.id);
}

/** Makes a check run of our App; gives its id. */
export async function createCheckRun(
  repository: GitHubRepository,
  appId: number,
  state: CheckState,
): Promise<number> {
  const make = async (): Promise<number> => {
    const { data } = await repository.client.checks.create({
      ...address(repository),
      name: state.name,
      head_sha: state.commit,
      ...fields(state),
      request: unrepeated,
    });
    return data.id;
  };
  const find = async (): Promise<number | undefined> => {
    const runs = await listCheckRuns(repository, appId, state.commit, state.name);
    return runs.find(({ externalId }) => externalId === state.externalId)?.id;
  };
  return await makeOnce(make, find);
}

/** Brings an existing check run to a state. */
export async function updateCheckRun(
  repository: GitHubRepository,
  id: number,
  state: CheckState,
): Promise<void> {
  await repository.client.checks.update({ ...address(repository), check_run_id: id, ...fields(state) });
}

function fields(state: CheckState) {
  const { output, conclusion, actions = [] } = state;
  return {
    external_id: state.externalId,
    output: {
      title: clip(output.title, 255),
      summary: clip(output.summary, maximumText),
      ...(output.text !== undefined && { text: clip(output.text, maximumText) }),
    },
    actions: actions.map((action) => ({ ...action })),
    ...(conclusion === undefined
      ? { status: "in_progress" as const }
      : { status: "completed" as const, conclusion }),
  };
}

/**
 * Cuts in bytes, as GitHub counts, and says so. Between lines where there are some: a code span that loses its end would
 * show what it holds as Markdown.
 */
function clip(text: string, maximum: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maximum) return text;
  const mark = "\n… (cut)";
  const kept = bytes.subarray(0, maximum - Buffer.byteLength(mark)).toString();
  const lineEnd = kept.lastIndexOf("\n");
  return (lineEnd < 0 ? kept.replace(/\uFFFD+$/, "") : kept.slice(0, lineEnd)) + mark;
}

function toCheckRun(run: {
  id: number;
  name: string;
  head_sha: string;
  external_id: string | null;
  status: string;
  conclusion: string | null;
  html_url: string | null;
  output: { title: string | null };
}): CheckRun {
  const { status } = run;
  return {
    id: run.id,
    name: run.name,
    commit: run.head_sha,
    externalId: run.external_id ?? "",
    status: status === "completed" || status === "in_progress" ? status : "queued",
    conclusion: run.conclusion,
    title: run.output.title,
    url: run.html_url,
  };
}
