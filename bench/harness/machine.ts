import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import { execa } from "execa";

/** What the figures were taken on: they mean nothing without. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  return `${availableParallelism()} × ${model}, ${memory}, ${type()} ${release()} ${arch()}, Node ${process.versions.node}`;
}

/** The commit that is checked out; ends in `-dirty` when files of the project differ from it. */
export async function describeCommit(root: string): Promise<string> {
  const { stdout: commit } = await execa("git", ["rev-parse", "HEAD"], { cwd: root });
  const { stdout: changed } = await execa("git", ["status", "--porcelain"], { cwd: root });
  return changed === "" ? commit : `${commit}-dirty`;
}
