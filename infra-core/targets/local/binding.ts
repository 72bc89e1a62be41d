import { Construct } from "constructs";
import { artifactDirectory, stateDirectory } from "./home.ts";
import { PrivateDirectory } from "./private-directory.ts";

export interface LocalBindingOptions {
  readonly home: string;
  readonly repositoryId: number;
  readonly environment: string;
}

/** A directory that a binding consists of. */
export interface BoundDirectory {
  /** Unique in the stack. */
  readonly id: string;
  readonly path: string;
}

/** What one environment of one repository is given: a directory for its state and one for its bundles and logs. */
export class LocalBinding extends Construct {
  readonly backend: PrivateDirectory;
  readonly artifacts: PrivateDirectory;

  constructor(scope: Construct, options: LocalBindingOptions) {
    super(scope, `${options.repositoryId}_${options.environment}`);
    const [backend, artifacts] = boundDirectories(options);
    this.backend = new PrivateDirectory(this, backend.id, backend.path);
    this.artifacts = new PrivateDirectory(this, artifacts.id, artifacts.path);
  }
}

/** State first, then artifacts. */
export function boundDirectories(options: LocalBindingOptions): readonly [BoundDirectory, BoundDirectory] {
  const { home, repositoryId, environment } = options;
  return [
    { id: `state_${repositoryId}_${environment}`, path: stateDirectory(home, repositoryId, environment) },
    {
      id: `artifacts_${repositoryId}_${environment}`,
      path: artifactDirectory(home, repositoryId, environment),
    },
  ];
}
