import { join } from "node:path";
import { z } from "zod";
import { WaymarkError } from "../../promotion/failure.ts";
import { parseJson } from "./json.ts";
import { readPlainFile } from "./plain-file.ts";
import { splitCommand } from "./split-command.ts";

/** What `cdktf.json` says about synthesizing the app. */
export interface AppConfig {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  /** What constructs read by `node.tryGetContext`, completed as the cdktf command does it. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** The context goes into one environment variable, for which Linux has room for 128 KiB. */
const limit = 100 * 1024;
const moduleSchema = z.union([z.string(), z.looseObject({ source: z.string() })]);

const configSchema = z.looseObject({
  app: z.string().max(4096),
  language: z.string().default("typescript"),
  context: z.record(z.string(), z.unknown()).default({}),
  terraformModules: z.array(moduleSchema).default([]),
});

/**
 * Reads `cdktf.json` at the root of a checkout.
 * Errors (user): `app-missing`, `app-invalid`, `language-unsupported`, `command-refused`, `file-refused`.
 */
export async function readAppConfig(checkout: string): Promise<AppConfig> {
  const text = await readPlainFile(join(checkout, "cdktf.json"), limit);
  if (text === undefined) throw missing();
  const config = parse(text);
  if (!["typescript", "javascript"].includes(config.language)) throw unsupported(config.language);
  const [program, ...args] = splitCommand(config.app);
  if (program === undefined) throw invalid("app is empty");
  const cdktfRelativeModules = config.terraformModules
    .map(sourceOf)
    .filter((source) => /^\.\.?\//.test(source));
  return { command: [program, ...args], context: { ...config.context, cdktfRelativeModules } };
}

const sourceOf = (module: z.output<typeof moduleSchema>): string =>
  typeof module === "string" ? module : module.source;

function parse(text: string): z.output<typeof configSchema> {
  try {
    return configSchema.parse(parseJson(text));
  } catch (error) {
    throw invalid(error instanceof z.ZodError ? z.prettifyError(error) : String(error));
  }
}

function missing(): WaymarkError {
  return new WaymarkError({
    code: "app-missing",
    source: "user",
    class: "code",
    message: "The commit has no cdktf.json at its root, so there is nothing to synthesize.",
    next: 'Commit a cdktf.json whose "app" is the command that synthesizes.',
  });
}

function invalid(reason: string): WaymarkError {
  return new WaymarkError({
    code: "app-invalid",
    source: "user",
    class: "code",
    message: `cdktf.json can't be understood: ${reason}`,
    next: "Correct cdktf.json, then push.",
  });
}

function unsupported(language: string): WaymarkError {
  return new WaymarkError({
    code: "language-unsupported",
    source: "user",
    class: "code",
    message: `cdktf.json says that the app is written in ${language.slice(0, 40)}. Waymark runs TypeScript and JavaScript.`,
    next: "Deploy an app written in one of these.",
  });
}
