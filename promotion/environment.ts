/** A named target. Set by the admin in the core registry; no repository can change it. */
export interface Environment {
  /** Unique in the registry; matches `isEnvironmentName`. */
  readonly name: string;
  /** The branch it follows, without `refs/heads/`; null: deployed on command only. */
  readonly branch: string | null;
  /** The environment that must have deployed a commit first; null: none. */
  readonly after: string | null;
}

/** The environments of a registry that names none of its own. */
export const defaultEnvironments: readonly Environment[] = [
  { name: "dev", branch: "dev", after: null },
  { name: "staging", branch: "main", after: "dev" },
  { name: "prod", branch: "prod", after: "staging" },
];

/** Lower-case words with dashes, at most 31 characters: safe in refs, file names, queue ids and URLs. */
export function isEnvironmentName(text: string): boolean {
  return /^[a-z][a-z0-9-]{0,30}$/.test(text);
}
