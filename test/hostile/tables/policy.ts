import { table } from "../support/hostile-case.ts";

const prod = (text: string): string => `version: 1\nenvironments:\n  prod:\n    ${text}\n`;
const variable = (name: string): string => prod(`variables: { ${name}: x }`);

/** References that double at each level: a few hundred bytes stand for gigabytes. */
const laughs = [
  "a: &a [lol, lol]",
  ..."bcdefghijklmnopqrstuvwxyz"
    .split("")
    .map(
      (name, index) =>
        `${name}: &${name} [*${"abcdefghijklmnopqrstuvwxyz"[index]}, *${"abcdefghijklmnopqrstuvwxyz"[index]}]`,
    ),
].join("\n");

const manyKeys = `{ ${Array.from({ length: 12_000 }, (_, index) => `k${index.toString(36)}`).join(",")} }`;

/** The text of `.github/waymark.yml`; refused with words of the message, always at a line and a column. */
export const policyTable = table<string | (() => string)>("the default policy, people and environments", [
  ["a billion laughs", laughs, "aliases"],
  ["an alias to an outer node", "version: 1\nenvironments: &e { prod: *e }\n", "aliases"],
  ["a merge key", "version: 1\nenvironments:\n  dev: &d {}\n  prod: { <<: *d }\n", "aliases"],
  ["ten megabytes", () => `version: 1\n#${"x".repeat(10 * 1024 * 1024)}`, "64 KiB"],
  ["60,000 lists in one another", "[".repeat(60_000), "levels deep"],
  ["30,000 compact lists in one another", "- ".repeat(30_000), "levels deep"],
  ["12,000 keys, which some parsers compare with each other", manyKeys, "expected"],
  ["the same key twice, the second one hidden", prod("people: [alice]\n    people: [mallory]"), "unique"],
  [
    "__proto__ as an environment",
    "version: 1\nenvironments:\n  __proto__: { people: [mallory] }\n  x y: {}\n",
    "not an environment name",
  ],
  ["__proto__ as a setting", prod("__proto__: { people: [mallory] }"), "__proto__"],
  ["a tag that makes objects in other parsers", "!!python/object/apply:os.system [id]\n", "the file"],
  [
    "a second document behind the first",
    `${prod("people: []")}---\n${prod("people: [mallory]")}`,
    "multiple documents",
  ],
  [
    "a path that leads out as an environment",
    "version: 1\nenvironments:\n  ../../prod: {}\n",
    "not an environment name",
  ],
  ["TF_CLI_ARGS_apply among the variables", variable("TF_CLI_ARGS_apply"), "reserved"],
  ["TF_CLI_CONFIG_FILE among the variables", variable("TF_CLI_CONFIG_FILE"), "reserved"],
  ["NODE_OPTIONS among the variables", variable("NODE_OPTIONS"), "reserved"],
  ["LD_PRELOAD, which the sandbox itself would load", variable("LD_PRELOAD"), "reserved"],
  ["GLIBC_TUNABLES, which the sandbox itself would read", variable("GLIBC_TUNABLES"), "reserved"],
  ["npm_config_registry among the variables", variable("npm_config_registry"), "reserved"],
  ["GIT_SSH_COMMAND among the variables", variable("GIT_SSH_COMMAND"), "reserved"],
  ["a variable's name that sets another one", prod('variables: { "A=B": x }'), "not a variable name"],
  ["a variable's name of two lines", prod('variables: { "A\\nB": x }'), "not a variable name"],
  [
    "a health check of the machine's own files",
    prod("health: [{ url: 'file:///etc/passwd' }]"),
    "Invalid URL",
  ],
  ["everybody among the people", prod('people: ["*"]'), "not a GitHub login"],
  ["a login with markup", prod('people: ["<script>alert(1)</script>"]'), "not a GitHub login"],
  [
    "a time that no calendar has",
    prod("windows: [{ days: [mon], from: '25:00', to: '26:00' }]"),
    "write a time",
  ],
  ["a parallelism of a million", prod("parallelism: 1000000"), "Too big"],
]);
