import { DataResource, Fn } from "cdktn";
import { Construct } from "constructs";

/**
 * A directory that only the user who runs Waymark may enter (0700).
 *
 * Two resources: one says that it exists and can't be destroyed, since moving it would leave its content behind; the
 * other creates it, and may be replaced at will, since creating it again does no harm. Nothing ever deletes it.
 */
export class PrivateDirectory extends Construct {
  /** Its absolute path, known once it is provisioned. */
  readonly path: string;

  /** @param id unique in the stack; it becomes the resource's name, letters, digits, _ and - only */
  constructor(scope: Construct, id: string, path: string) {
    super(scope, id);
    const identity = new DataResource(this, "identity", {
      input: { path },
      triggersReplace: { path },
      lifecycle: { preventDestroy: true },
    });
    identity.overrideLogicalId(id);
    this.path = Fn.lookup(identity.output, "path");
    const creation = new DataResource(this, "creation", {
      triggersReplace: { path: this.path },
      provisioners: [
        {
          type: "local-exec",
          // The path travels in the environment: a shell never reads it as a part of its command.
          command: 'umask 077 && mkdir -p -- "$DIRECTORY" && chmod 0700 -- "$DIRECTORY"',
          environment: { DIRECTORY: `\${self.triggers_replace.path}` },
        },
      ],
    });
    creation.overrideLogicalId(creationName(id));
  }
}

/** The address of the resource that creates the directory: replacing it brings a lost directory back. */
export const creationAddress = (id: string): string => `${DataResource.tfResourceType}.${creationName(id)}`;

const creationName = (id: string): string => `create_${id}`;
