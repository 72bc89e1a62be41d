import path from "node:path";
import { execa } from "execa";

const root = path.resolve(import.meta.dirname, "../..");

/** Gets what only a demo on AWS needs: an AWS to talk to, and what the core stack is written with. */
export async function provideAws(): Promise<void> {
  const command = ["scripts/setup.mjs", "infra-core/targets/aws", "scripts/moto"];
  await execa(process.execPath, command, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
}
