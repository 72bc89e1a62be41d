import { join, resolve } from "node:path";
import { linkLife, linkLogs, loggedAttempts } from "../adapters/aws/log-links.ts";
import { bindingFor } from "../adapters/registry/binding.ts";
import { loadRegistry } from "../adapters/registry/load.ts";
import type { Binding, Registry } from "../adapters/registry/schema.ts";
import { WaymarkError } from "../promotion/failure.ts";
import type { Core } from "./core.ts";

/** Whose logs are looked for. */
export interface LogWish {
  /** `owner/name`. */
  readonly repository: string;
  readonly environment: string;
  /** Undefined: which there are. */
  readonly attempt: string | undefined;
}

/** So many attempts are named. */
const named = 20;

/**
 * Lines about where an environment's logs are: the newest attempts, or links to what one of them told. `home`: the
 * workers' WAYMARK_HOME. Errors (user): `environment-unknown`, `logs-missing`; those of reading registry and bucket.
 */
export async function tellLogs(
  { registry, identityIn }: Pick<Core, "registry" | "identityIn">,
  wish: LogWish,
  home: string,
): Promise<string[]> {
  const { artifacts, repositoryId, environment } = findBinding(await loadRegistry(registry), wish);
  const { attempt } = wish;
  if (artifacts.type === "local") {
    const directory = join(resolve(home), "runs", String(repositoryId), environment, attempt ?? "");
    return ["The logs are where the worker runs, below its WAYMARK_HOME:", directory];
  }
  const identity = identityIn(environment);
  if (attempt !== undefined && /^[\w-]+$/.test(attempt)) {
    const links = await linkLogs(artifacts, attempt, identity);
    if (links.length === 0) throw missing(wish);
    const life = `Each link opens its log for ${linkLife / 60} minutes, for whoever has it.`;
    return [life, ...links.flatMap(({ name, url }) => ["", name, url])];
  }
  if (attempt !== undefined) throw missing(wish);
  const attempts = (await loggedAttempts(artifacts, identity)).slice(0, named);
  if (attempts.length === 0) return ["There are no logs yet."];
  return attempts.map(({ id, at }) => `${new Date(at).toISOString()}  ${id}`);
}

function findBinding(registry: Registry, { repository, environment }: LogWish): Binding {
  const wanted = repository.toLowerCase();
  const known = registry.repositories.find(({ fullName }) => fullName.toLowerCase() === wanted);
  const binding = known && bindingFor(registry, known.id, environment);
  if (binding) return binding;
  throw new WaymarkError({
    code: "environment-unknown",
    source: "user",
    class: "configuration",
    message: `The registry binds no environment ${environment} of ${repository}.`,
    next: "Name a repository (owner/name) and an environment that core.yml names.",
  });
}

const missing = ({ repository, environment, attempt }: LogWish): WaymarkError =>
  new WaymarkError({
    code: "logs-missing",
    source: "user",
    class: "configuration",
    message: `No logs of an attempt ${attempt} are in the bucket.`,
    next: `See which there are: npm run core -- logs ${repository} ${environment}`,
  });
