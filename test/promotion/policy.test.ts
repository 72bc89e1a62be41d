import { describe, expect, it } from "vitest";
import { defaultPolicy, type PolicyReading, readPolicy } from "../../promotion/policy.ts";

const read = (text: string, environment = "prod") => readPolicy(text, environment);
/** A file whose prod environment holds these lines. */
const prod = (...lines: readonly string[]) =>
  ["version: 1", "environments:", "  prod:", ...lines.map((line) => `    ${line}`), ""].join("\n");

function errorOf(reading: PolicyReading) {
  if (reading.ok) throw new Error("the policy was accepted");
  return reading.error;
}

describe("a policy", () => {
  it("that does not exist, or says nothing about the environment, is the default", () => {
    const byDefault = { ok: true, policy: defaultPolicy };
    expect(readPolicy(undefined, "prod")).toEqual(byDefault);
    expect(read("version: 1\n")).toEqual(byDefault);
    expect(read("version: 1\nenvironments: {}\n")).toEqual(byDefault);
    expect(read("version: 1\nenvironments:\n  dev:\n    rollbackOnFailure: true\n")).toEqual(byDefault);
  });

  it("is the default for an environment that is named like a part of every object", () => {
    expect(read("version: 1\n", "constructor")).toEqual({ ok: true, policy: defaultPolicy });
  });

  it("lets anything be deployed at any time by default, and rolls nothing back by itself", () => {
    expect(defaultPolicy).toMatchObject({ windows: [], people: [], rollbackOnFailure: false, variables: {} });
  });

  it("is read in full", () => {
    const text = prod(
      "variables: { PORT: '8080', Empty: '' }",
      "outputs: [url]",
      "health:",
      "  - url: http://127.0.0.1:8080/healthz",
      "  - { url: 'https://example.com/', status: 204, contains: ok, within: 2m }",
      "verify: { command: [npm, run, smoke], within: 3m }",
      "retry: { maxAttempts: 5, backoffMultiplier: 1.5 }",
      "stacks: { network: { kind: provision }, service: {} }",
      "provisioning: { schedule: [{ at: '03:00' }, { days: [sun], at: '23:59', timezone: Asia/Tokyo }] }",
      "people: [ada, grace-hopper]",
      "windows:",
      "  - { days: [mon, fri], from: '09:30', to: '17:00', timezone: Europe/Berlin }",
      "rollbackOnFailure: true",
      "parallelism: 3",
      "timeout: 2h",
      "lockTimeout: 90s",
      "dependsOn: { service: [network] }",
    );
    const reading = read(text);
    expect(reading).toMatchObject({
      ok: true,
      policy: {
        variables: { PORT: "8080", Empty: "" },
        outputs: ["url"],
        health: [
          { url: "http://127.0.0.1:8080/healthz", status: 200, within: 30 },
          { url: "https://example.com/", status: 204, contains: "ok", within: 120 },
        ],
        verify: { command: ["npm", "run", "smoke"], within: 180 },
        retry: { maxAttempts: 5, backoffMultiplier: 1.5 },
        stacks: { network: { kind: "provision" }, service: { kind: "deploy" } },
        provisioning: {
          schedule: [
            { days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], at: "03:00", timezone: "UTC" },
            { days: ["sun"], at: "23:59", timezone: "Asia/Tokyo" },
          ],
        },
        people: ["ada", "grace-hopper"],
        windows: [{ days: ["mon", "fri"], from: "09:30", to: "17:00", timezone: "Europe/Berlin" }],
        rollbackOnFailure: true,
        parallelism: 3,
        timeout: 7200,
        lockTimeout: 90,
        dependsOn: { service: ["network"] },
      },
    });
  });
});

describe("a health check of a port", () => {
  it.each([
    ["db.example:5432", { host: "db.example", port: 5432 }],
    ["127.0.0.1:80", { host: "127.0.0.1", port: 80 }],
    ["'[::1]:6379'", { host: "::1", port: 6379 }],
  ])("%s", (text, tcp) => {
    expect(read(prod("health:", `  - { tcp: ${text} }`))).toMatchObject({
      ok: true,
      policy: { health: [{ tcp, within: 30 }] },
    });
  });

  it.each([
    "tcp: db.example",
    "tcp: 'db:70000'",
    "tcp: 'db:0'",
    "tcp: '-x:80'",
    "tcp: 'a b:80'",
    "within: 30s",
    "tcp: 'db:1', url: 'http://x/'",
    "tcp: 'db:1', status: 200",
    "tcp: 'db:1', contains: ok",
  ])("is refused as { %s }", (text) => {
    expect(errorOf(read(prod("health:", `  - { ${text} }`)))).toMatchObject({ line: 5 });
  });
});

describe("parallel", () => {
  it.each([
    [["parallel: false"], 1],
    [["parallel: false", "parallelism: 8"], 1],
    [["parallel: true", "parallelism: 8"], 8],
    [["parallel: true"], 5],
  ])("%j lets so many stacks run side by side", (lines, parallelism) => {
    expect(read(prod(...lines))).toMatchObject({ ok: true, policy: { parallelism } });
  });
});

describe("a policy that is not one says where", () => {
  it.each([
    ["another version", "version: 2\n", 1, 10, /^version: /],
    ["no version", "environments: {}\n", 1, 1, /^version: /],
    ["nothing", "", 1, 1, /^the file: /],
    ["a comment only", "# hello\n", 1, 1, /^the file: /],
    ["a list", "- version: 1\n", 1, 1, /^the file: /],
    ["a misspelt key", "version: 1\nenvironmens: {}\n", 2, 1, /environmens/],
    ["an unknown key", prod("timeout: 1h", "rollbackonfailure: true"), 5, 5, /rollbackonfailure/],
    ["a variable that is no name", prod("variables:", "  A: x", "  A-B: x"), 6, 7, /not a variable name/],
    ["a wrong type", prod("parallelism: many"), 4, 18, /^environments\.prod\.parallelism: /],
    ["a number out of range", prod("parallelism: 0"), 4, 18, /parallelism/],
    ["something deep", prod("windows:", "  - days: [mon, today]"), 5, 21, /windows\.0\.days\.1/],
    [
      "no time of a day",
      prod("provisioning:", "  schedule: [{ at: '24:00' }]"),
      5,
      24,
      /schedule\.0\.at: write a time/,
    ],
    ["no time at all", prod("provisioning:", "  schedule: [{ days: [mon] }]"), 5, 18, /schedule\.0\.at/],
    [
      "a name that no environment has",
      "version: 1\nenvironments:\n  Prod: {}\n",
      3,
      3,
      /Prod: not an environment name/,
    ],
    ["a key given twice", prod("timeout: 1h", "timeout: 2h"), 5, 5, /unique/i],
    ["an environment given twice", "version: 1\nenvironments:\n  prod: {}\n  prod: {}\n", 4, 3, /unique/i],
    ["a tab", "version: 1\nenvironments:\n\tprod: {}\n", 3, 1, /tab/i],
    ["an open quote", 'version: 1\nenvironments: "prod\n', 3, 1, /^Missing closing "quote$/],
    ["two documents", "version: 1\n---\nversion: 1\n", 2, 1, /multiple documents/],
  ])("when it holds %s", (_, text, line, column, message) => {
    expect(errorOf(read(text))).toEqual({ line, column, message: expect.stringMatching(message) });
  });

  it("also when the mistake is in another environment's part", () => {
    expect(read(prod("parallelism: 0"), "dev").ok).toBe(false);
  });

  it.each([
    ["an alias", "version: 1\nenvironments:\n  dev: &base {}\n  prod: *base\n", 4],
    ["an alias to nothing", "version: 1\nenvironments: *none\n", 2],
    [
      "aliases that would fill the memory",
      [
        "a: &a [x, x, x, x, x, x, x, x, x]",
        ..."bcdefghi".split("").map((name, index) => {
          const before = "abcdefgh"[index];
          return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`;
        }),
      ].join("\n"),
      2,
    ],
  ])("when it holds %s", (_, text, line) => {
    expect(errorOf(read(text))).toMatchObject({ line, message: expect.stringMatching(/alias/i) });
  });

  it.each(["[", "{a: ", "- ", "&a [", "!!map {a: "])("when it is nested without end by %j", (part) => {
    const text = part.repeat(Math.floor(60_000 / part.length));
    expect(errorOf(read(text)).message).not.toBe("");
  });

  it("when it is nested deeply, and closed again", () => {
    for (const depth of [100, 500, 900, 30_000]) {
      expect(read(`version: 1\nenvironments: ${"[".repeat(depth)}${"]".repeat(depth)}\n`).ok).toBe(false);
    }
  });

  it("when it is longer than 64 KiB, in bytes", () => {
    const filled = (letter: string, bytes: number) => {
      const start = "version: 1\n#";
      return start + letter.repeat((bytes - start.length) / Buffer.byteLength(letter));
    };
    expect(read(filled("x", 65_536)).ok).toBe(true);
    expect(errorOf(read(filled("x", 65_537)))).toMatchObject({
      message: expect.stringContaining("64 KiB"),
      line: 1,
      column: 1,
    });
    expect(read(filled("ü", 65_538)).ok).toBe(false);
  });
});

describe("a policy's values", () => {
  it.each([
    "PATH",
    "HOME",
    "WAYMARK_ENVIRONMENT",
    "CDKTF_OUTDIR",
    "TF_CLI_ARGS",
    "AWS_ACCESS_KEY_ID",
    "GIT_SSH_COMMAND",
    "LD_PRELOAD",
    "DYLD_INSERT_LIBRARIES",
    "NODE_OPTIONS",
    "npm_config_registry",
    "NPM_TOKEN",
    "BASH_ENV",
    "ENV",
    "TMPDIR",
    "SHELL",
  ])("may not set the variable %s", (name) => {
    expect(errorOf(read(prod(`variables: { ${name}: x }`))).message).toMatch(/reserved/);
  });

  it.each(["A-B", "1A", "'A B'", "'A=B'", "''", `'${"A".repeat(129)}'`])(
    "may not name a variable %s",
    (name) => {
      expect(read(prod(`variables: { ${name}: x }`)).ok).toBe(false);
    },
  );

  it.each(["PATHS", "MY_PATH", "HOMEPAGE", "ENVIRONMENT", "_X", "node_env"])(
    "may set the variable %s",
    (name) => {
      expect(read(prod(`variables: { ${name}: x }`))).toMatchObject({
        policy: { variables: { [name]: "x" } },
      });
    },
  );

  it("give variables as text only, so that nobody wonders what 1.10 becomes", () => {
    for (const value of ["1.10", "true", "null", "[a]", "2024-01-01T00:00:00Z"]) {
      const reading = read(prod(`variables: { VALUE: ${value} }`));
      const asText = value.startsWith("2024");
      expect(reading.ok).toBe(asText);
    }
  });

  it.each(["file:///etc/passwd", "ftp://example.com", "example.com", "javascript:alert(1)"])(
    "may not ask for the health of %s",
    (url) => {
      expect(read(prod(`health: [{ url: '${url}' }]`)).ok).toBe(false);
    },
  );

  it.each(["0s", "10", "1d", "-1m", "1.5h", "100000s", "''"])("may not wait for %s", (duration) => {
    expect(read(prod(`timeout: ${duration}`)).ok).toBe(false);
  });

  it.each(["24:00", "9:00", "'12:60'", "noon"])("know no time %s", (time) => {
    expect(read(prod(`windows: [{ days: [mon], from: ${time}, to: '23:00' }]`)).ok).toBe(false);
  });

  it.each(["Mars/Olympus", "''", "Europe/Berlin; rm"])("know no time zone %s", (timezone) => {
    const window = `{ days: [mon], from: '09:00', to: '10:00', timezone: ${timezone} }`;
    expect(read(prod(`windows: [${window}]`)).ok).toBe(false);
  });

  it.each(["-ada", "ada/grace", "'@ada'", "''", "a".repeat(40)])("know nobody called %s", (login) => {
    expect(read(prod(`people: [${login}]`)).ok).toBe(false);
  });
});
