import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

const scripts = join(import.meta.dirname, "../../scripts");

let root: string;
let programs: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "setup-"));
  programs = join(root, "programs");
  await cp(scripts, join(root, "scripts"), { recursive: true });
  await mkdir(programs);
  await symlink(process.execPath, join(programs, "node"));
  await symlink("/bin/sh", join(programs, "sh"));
  await program("git", "echo git version 2.39.5");
  await program("terraform", "echo Terraform v1.11.4");
  await program("redis-server", "true");
  await program("ssh-keygen", "true");
  await program("bwrap", "true");
});
afterEach(() => rm(root, { recursive: true }));

/** A machine has exactly the programs it was given: each is a script of its own. */
async function program(name: string, script: string): Promise<void> {
  await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(programs, name), 0o755);
}

const without = (name: string) => rm(join(programs, name));

/** What a package manager does: notes what it is asked for, and puts a program where it can be found. */
const installs = (name: string) => `
  echo "$*" >> "${root}/asked"
  : > "${programs}/${name}"
  /bin/chmod 755 "${programs}/${name}"`;

const asked = () => readFile(join(root, "asked"), "utf8");

const setUp = (env: Record<string, string> = {}, ...directories: string[]) =>
  execa(process.execPath, [join(root, "scripts/setup.mjs"), ...directories], {
    env: { PATH: programs, ...env },
    extendEnv: false,
    reject: false,
  });

test("says nothing when nothing is missing", async () => {
  const { exitCode, stdout, stderr } = await setUp();
  expect([exitCode, stdout, stderr]).toEqual([0, "", ""]);
});

test.each([
  ["too old", "echo git version 2.37.9", "git-too-old"],
  ["no program", "exit 127", "git-missing"],
])("a git that is %s is named", async (_, script, code) => {
  await program("git", script);
  const { exitCode, stderr } = await setUp();
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(code)]);
  expect(stderr).toContain("https://git-scm.com/downloads");
});

test("OpenTofu will do, and so will valkey-server", async () => {
  await without("terraform");
  await program("tofu", "echo OpenTofu v1.8.0");
  await without("redis-server");
  await program("valkey-server", "true");
  expect((await setUp()).exitCode).toBe(0);
});

test("a Terraform downloaded earlier is found", async () => {
  await mkdir(join(root, ".waymark/tools"), { recursive: true });
  await cp(join(programs, "terraform"), join(root, ".waymark/tools/terraform"));
  await program("terraform", "echo Terraform v1.5.7");
  expect((await setUp()).exitCode).toBe(0);
});

test("a missing redis-server is installed by the package manager", async () => {
  await without("redis-server");
  await program("brew", installs("redis-server"));
  const { exitCode, stdout } = await setUp();
  expect([exitCode, stdout]).toEqual([0, "setup: installed redis"]);
  expect(await asked()).toBe("install --quiet redis\n");
});

test("dnf is asked for valkey first, then for redis", async () => {
  await without("redis-server");
  await program("sudo", `shift; exec "$@"`);
  const refusal =
    'case "$*" in *valkey*) echo "$*" >> "$0.asked"; echo Unable to find a match >&2; exit 1;; esac';
  await program("dnf", `${refusal}${installs("redis-server")}`);
  expect((await setUp()).stdout).toBe("setup: installed redis");
  expect(await readFile(join(programs, "dnf.asked"), "utf8")).toBe("install -y -q valkey\n");
  expect(await asked()).toBe("install -y -q redis\n");
});

test("where nothing can be installed, it says exactly what to type", async () => {
  await without("redis-server");
  await program("brew", "echo no network >&2; exit 1");
  const { exitCode, stderr } = await setUp();
  expect(exitCode).toBe(1);
  expect(stderr).toContain("redis-missing");
  expect(stderr).toContain("no network");
  expect(stderr).toContain("Type: brew install redis");
  expect(stderr).toContain("WAYMARK_REDIS_URL");
});

test("no Redis is needed where one is given", async () => {
  await without("redis-server");
  expect((await setUp({ WAYMARK_REDIS_URL: "redis://127.0.0.1:6379" })).exitCode).toBe(0);
});

test.runIf(process.platform === "linux")(
  "a sandbox that can't be installed is a warning, no failure",
  async () => {
    await without("bwrap");
    const { exitCode, stdout } = await setUp();
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("warning: bubblewrap is missing")]);
  },
);

/** A Python of that version; what it makes an environment of installs nothing, and notes what it was asked for. */
const python = (version: string, pip = "true") => `
  case "$*" in
    *"import ensurepip"*) echo ${version} ;;
    "-m venv --clear "*)
      /bin/mkdir -p "$4/bin"
      printf '#!/bin/sh\\necho "$*" >> "${root}/asked"\\n${pip}\\n' > "$4/bin/python"
      /bin/chmod 755 "$4/bin/python" ;;
  esac`;

const setUpMoto = () => setUp({}, "scripts/moto");

test("Python packages are installed for who names their directory, once", async () => {
  await program("python3", python("3.9.2"));
  expect((await setUp()).stdout).toBe("");
  expect((await setUpMoto()).stdout).toBe("setup: installed Python packages in .waymark/moto");
  expect(await asked()).toMatch(/^-m pip install .*--only-binary :all: .*scripts\/moto\/requirements.txt\n$/);
  expect((await setUpMoto()).stdout).toBe("");
});

test("Python packages are installed again when what is wanted changed, or when that failed", async () => {
  await program("python3", python("3.14.0", "exit 1"));
  const { exitCode, stderr } = await setUpMoto();
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("pip-failed")]);
  await program("python3", python("3.14.0"));
  expect((await setUpMoto()).stdout).toContain("installed Python packages");
  await writeFile(join(root, "scripts/moto/requirements.txt"), "moto==5.0.0\n");
  expect((await setUpMoto()).stdout).toContain("installed Python packages");
});

test("a Python that is too old, or that can make no environment, is not taken", async () => {
  await program("python3", python("3.8.19"));
  await program("python3.12", "exit 1");
  expect((await setUpMoto()).stderr).toContain("python-missing");
  await program("python3.11", python("3.11.7"));
  expect((await setUpMoto()).exitCode).toBe(0);
});

test("a missing Python is installed by the package manager", async () => {
  await program("brew", `${installs("python3")}\n/bin/cp "${root}/python3" "${programs}/python3"`);
  await writeFile(join(root, "python3"), `#!/bin/sh\n${python("3.13.1")}\n`);
  await chmod(join(root, "python3"), 0o755);
  expect((await setUpMoto()).exitCode).toBe(0);
  expect(await asked()).toMatch(/^install --quiet python\n/);
});
