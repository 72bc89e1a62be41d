import type { Repository } from "../../adapters/git/repository.ts";
import { type AfterFacts, afterGate, type GateResult } from "../../promotion/gates.ts";
import type { ObjectId } from "../../promotion/object-id.ts";
import type { HeadFacts } from "../../promotion/observation.ts";
import type { StoredRecord } from "../../promotion/record.ts";

type History = Pick<Repository, "isAncestor" | "missingCommits" | "uncleanMerges" | "treesOf" | "readFile">;

/** The environment that comes first: its name and what its refs say. */
export interface Predecessor {
  readonly name: string;
  readonly last: StoredRecord | undefined;
  /** Commits that it ever deployed, newest first. */
  deployed(): Promise<readonly ObjectId[]>;
}

/** What the history says about a branch head: does it descend from the recorded one, do its gates pass? */
export async function readHeadFacts(
  history: History,
  head: ObjectId,
  last: StoredRecord | undefined,
  predecessor: Predecessor | undefined,
): Promise<HeadFacts> {
  const recorded = last?.record.branchHead;
  const [descends, gate, app] = await Promise.all([
    recorded === undefined || history.isAncestor(recorded, head),
    readGate(history, head, last, predecessor),
    history.readFile(head, "cdktf.json"),
  ]);
  return { descends, gate, hasApp: app !== undefined };
}

/** Nothing to judge: the head is the recorded one and nobody asks for a re-run. */
export const settledHeadFacts: HeadFacts = { descends: true, gate: { passes: true }, hasApp: true };

/** Do the promotion gates pass for a commit? */
export async function readGate(
  history: History,
  commit: ObjectId,
  last: StoredRecord | undefined,
  predecessor: Predecessor | undefined,
): Promise<GateResult> {
  if (!predecessor) return { passes: true };
  return afterGate(await readAfterFacts(history, commit, last, predecessor));
}

async function readAfterFacts(
  history: History,
  commit: ObjectId,
  last: StoredRecord | undefined,
  predecessor: Predecessor,
): Promise<AfterFacts> {
  const deployed = predecessor.last?.record.commit;
  const none = { environment: predecessor.name, deployed, missing: [], uncleanMerges: [], sameTree: false };
  if (deployed === undefined) return none;
  const known = last ? [last.record.commit, deployed] : [deployed];
  const [missing, uncleanMerges] = await Promise.all([
    history.missingCommits(commit, known),
    history.uncleanMerges(commit, known),
  ]);
  if (missing.length === 0 && uncleanMerges.length === 0) return none;
  return { ...none, missing, uncleanMerges, sameTree: await hasDeployedTree(history, commit, predecessor) };
}

/** A squash or rebase has other commits than what was deployed before, but the very same files. */
async function hasDeployedTree(
  history: History,
  commit: ObjectId,
  predecessor: Predecessor,
): Promise<boolean> {
  const [tree, ...trees] = await history.treesOf([commit, ...(await predecessor.deployed())]);
  return tree !== undefined && trees.includes(tree);
}
