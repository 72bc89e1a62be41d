import { parseArgs } from "node:util";
import { findTerraform } from "../adapters/terraform/find.ts";
import { toFailure } from "../promotion/failure.ts";
import { loadCoreConfig } from "./config.ts";
import { registryFile } from "./home.ts";
import { bootstrap } from "./verbs/bootstrap.ts";

const usage = "Usage: node --import tsx infra-core/bootstrap.ts --config <core.yml> [--yes]";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { config: { type: "string" }, yes: { type: "boolean", default: false } },
  });
  if (values.config === undefined) throw new Error(usage);
  const config = await loadCoreConfig(values.config);
  const result = await bootstrap({
    config,
    terraform: await findTerraform(process.env),
    approve: (plan) => {
      if (!values.yes) console.log(plan);
      return values.yes;
    },
  });
  if (result === "declined") {
    console.log("Nothing was changed: add --yes to apply this plan.");
    return 2;
  }
  console.log(`Core stack ${result}; the registry is ${registryFile(config.home)}`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  const { code, message, next } = toFailure(error);
  console.error(`${code}: ${message}\n${next}`);
  process.exitCode = 1;
}
