import path from "node:path";
import { expect, it } from "vitest";
import { detectSandbox } from "../../adapters/sandbox/detect.ts";

it.runIf(process.platform === "linux")(
  "is started by its full path, whatever PATH a repository is given",
  async () => {
    const sandbox = await detectSandbox("required");
    const env = { PATH: "/workspace/node_modules/.bin" };
    const command = { file: "true", args: [], cwd: "/", env, mounts: [], network: false };
    const { file } = sandbox.wrap({ ...command, lifetime: "worker" });
    expect(path.isAbsolute(file)).toBe(true);
  },
);
