import { type Output, outputOf } from "./output.ts";

/** As a string of Terraform's JSON spells what is to be computed. */
export const expression = (text: string): string => `\${${text}}`;

/** One stack with these blocks beside its backend. */
export const withJson = (json: object): Output =>
  outputOf({ a: { json: { terraform: { backend: { local: { path: "own.tfstate" } } }, ...json } } });

export const withProvider = (settings: unknown, name = "aws"): Output =>
  withJson({ provider: { [name]: settings } });

/** A stack with a file of a module that it uses. */
export const withModule = (text: string, name = "main.tf"): Output =>
  outputOf({ a: {} }, { [`stacks/a/assets/m/${name}`]: text });
