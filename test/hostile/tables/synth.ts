import { table } from "../support/hostile-case.ts";

const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
const command = (app: string): string => JSON.stringify({ app, language: "javascript" });

/** The text of cdktf.json; refused with a code, by the user's fault, with a next step. */
export const appTable = table<string>("the machine: no program was started", [
  [
    "a variable before the command",
    command("NODE_OPTIONS=--require=./evil.js node main.js"),
    "command-refused",
  ],
  ["a preloaded library before the command", command("LD_PRELOAD=./evil.so node main.js"), "command-refused"],
  ["a second command", command("node main.js; touch CANARY"), "command-refused"],
  ["a command in the background", command("node main.js & touch CANARY"), "command-refused"],
  ["a command in a command", command("node $(touch CANARY)"), "command-refused"],
  ["a command in backticks", command("node `touch CANARY`"), "command-refused"],
  ["a file to write into", command("node main.js > CANARY"), "command-refused"],
  ["a command on a second line, behind a comment", command("# node\ntouch CANARY"), "command-refused"],
  ["an open quote", command("node 'main.js"), "command-refused"],
  ["no command", command("   "), "command-refused"],
  ["a command of 100,000 letters", command("a".repeat(50_000)), "app-invalid"],
  ["a command that is a list", '{"app":["sh","-c","touch CANARY"]}', "app-invalid"],
  ["JSON that is cut off", '{"app":"node main.js"', "app-invalid"],
  ["a context of 50,000 levels", `{"app":"node main.js","context":{"x":${nested}}}`, "app-invalid"],
  [
    "a context larger than an environment",
    JSON.stringify({ app: "node main.js", context: { x: "x".repeat(200_000) } }),
    "file-refused",
  ],
  ["prototype keys instead of a command", '{"__proto__":{"app":"node main.js"}}', "app-invalid"],
  ["another language's program", '{"app":"go run .","language":"go; touch CANARY"}', "language-unsupported"],
]);

/** Files of a checkout that has dependencies; refused with a code before npm is started. */
export const dependencyTable = table<Readonly<Record<string, string>>>("the machine: npm was not started", [
  ["no lock file", { "package.json": '{"dependencies":{"a":"*"}}' }, "lock-missing"],
  [
    "another manager's lock file",
    { "package.json": '{"dependencies":{"a":"*"}}', "yarn.lock": "" },
    "package-manager-unsupported",
  ],
  [
    "dependencies as a list",
    { "package.json": '{"dependencies":["a"]}', "package-lock.json": "{}" },
    "package-invalid",
  ],
  ["a package.json that is cut off", { "package.json": '{"dependencies":{' }, "package-invalid"],
]);
