import { LocalBackend, type TerraformStack } from "cdktn";

/**
 * Keeps a stack's state beside cdktf.json when somebody applies it by hand; Waymark puts the environment's own
 * backend in its place. The path is relative to the stack's directory (cdktf.out/stacks/<name>), so that the
 * synthesized bytes don't depend on where the checkout is.
 */
export function keepStateInProject(stack: TerraformStack): void {
  new LocalBackend(stack, { path: `../../../terraform.${stack.node.id}.tfstate` });
}
