import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Where the attempts of one environment keep their scratch space, processes and logs. */
export function runsDirectory(home: string, repositoryId: number, environment: string): string {
  return join(home, "runs", String(repositoryId), environment);
}

/** The run directory of an attempt: what `DeploymentInput.runDirectory` must be for its processes to be found again. */
export function runDirectory(
  home: string,
  repositoryId: number,
  environment: string,
  attemptId: string,
): string {
  return join(runsDirectory(home, repositoryId, environment), attemptId);
}

const tryPrefix = "try-";

/** A fresh directory for one run through the phases: an attempt may be taken up again. */
export async function makeTry(runDirectory: string): Promise<string> {
  await mkdir(runDirectory, { recursive: true, mode: 0o700 });
  return await mkdtemp(join(runDirectory, tryPrefix));
}

/** All tries of all attempts of an environment. */
export async function listTries(home: string, repositoryId: number, environment: string): Promise<string[]> {
  const runs = runsDirectory(home, repositoryId, environment);
  const attempts = await list(runs);
  const tries = await Promise.all(
    attempts.map(async (attempt) =>
      (await list(join(runs, attempt))).map((name) => join(runs, attempt, name)),
    ),
  );
  return tries.flat().filter((path) => path.includes(`/${tryPrefix}`));
}

/** The names in a directory; none if there is no such directory. */
export async function list(directory: string): Promise<string[]> {
  return await readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
}
