import type { Command } from "../process/command.ts";

/** A file or directory that a confined program may see. */
export interface Mount {
  /** Where it is on this machine; absolute. */
  readonly path: string;
  /** Where the program finds it, if a sandbox can put it elsewhere; default: at `path`. */
  readonly as?: string;
  readonly writable: boolean;
}

/** A program that runs a repository's own code. */
export interface ConfinedCommand extends Command {
  /** Everything beside the system's own files that it may see; `cwd` must lie within. */
  readonly mounts: readonly Mount[];
  readonly network: boolean;
  /** What it takes for the name of its machine, where the sandbox can tell it another one; 64 characters at most. */
  readonly host?: string | undefined;
  /** `worker`: it and all it started end with the worker. `own`: it may outlive both it and what it leaves running. */
  readonly lifetime: "worker" | "own";
}

/** The directories that a program may fill as it likes. */
export interface Scratch {
  /** HOME and TMPDIR as the program sees them. */
  readonly home: string;
  readonly temporary: string;
  readonly mounts: readonly Mount[];
}

/** The one seam through which install, synth and terraform of a repository start. */
export interface Sandbox {
  readonly kind: "bubblewrap" | "none";
  /** Why there is none, for a warning at start-up. */
  readonly reason?: string;
  /** The path at which a confined program finds the mount. */
  place(mount: Mount): string;
  /** Makes (if needed) and describes the scratch directories below a private directory. */
  scratch(directory: string): Promise<Scratch>;
  wrap(command: ConfinedCommand): Command;
}
