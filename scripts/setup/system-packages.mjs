import { findProgram, run } from "./program.mjs";

/**
 * What may be missing, by the name each package manager has for it.
 * `services`: what the package starts and enables, which set-up doesn't want.
 */
export const redis = {
  apt: ["redis-server"],
  dnf: ["valkey", "redis"],
  brew: ["redis"],
  services: ["redis-server"],
};
export const sshKeygen = {
  apt: ["openssh-client"],
  dnf: ["openssh-clients"],
  brew: ["openssh"],
  services: [],
};
export const python = { apt: ["python3-venv"], dnf: ["python3"], brew: ["python"], services: [] };
export const bubblewrap = { apt: ["bubblewrap"], dnf: ["bubblewrap"], brew: [], services: [] };

/**
 * Debian starts a service when its package is installed, and at each boot from then on. A policy-rc.d that says no
 * (101) prevents the first, `disable` the second. An existing policy is the admin's and stays as it is.
 */
const aptScript = `
set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
package=$1
shift
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -q --no-install-recommends -- "$package" || {
  apt-get update -q
  apt-get install -y -q --no-install-recommends -- "$package"
}
for service in "$@"; do
  deb-systemd-helper disable "$service.service" || true
  update-rc.d "$service" disable || true
done
`;

/** How each package manager installs one package; `sudo` where it needs to be root. */
const managers = [
  {
    name: "apt",
    program: "apt-get",
    needsRoot: true,
    command: (name, services) => ["sh", "-c", aptScript, "sh", name, ...services],
  },
  { name: "dnf", program: "dnf", needsRoot: true, command: (name) => ["dnf", "install", "-y", "-q", name] },
  {
    name: "brew",
    program: "brew",
    needsRoot: false,
    command: (name) => ["brew", "install", "--quiet", name],
  },
];

/**
 * Installs the first of a thing's packages that the system's package manager has.
 * @param {typeof redis} thing
 * @returns {Promise<{ installed: string } | { installed: undefined, reason: string, advice: string }>}
 */
export async function installSystemPackage(thing) {
  const manager = managers.find(
    ({ name, program }) => thing[name].length > 0 && findProgram(program) !== undefined,
  );
  if (manager === undefined)
    return { installed: undefined, reason: "there is no apt, dnf or brew here", advice: "" };
  const advice = adviceFor(manager, thing);
  const prefix = manager.needsRoot ? await rootPrefix() : [];
  if (prefix === undefined)
    return { installed: undefined, reason: "it takes root, and sudo asks for a password", advice };
  let reason = "";
  for (const name of thing[manager.name]) {
    const [program, ...args] = [...prefix, ...manager.command(name, thing.services)];
    const { ok, stderr } = await run(program, args);
    if (ok) return { installed: name };
    reason = `${manager.program}: ${stderr.trim().split("\n").at(-1)}`;
  }
  return { installed: undefined, reason, advice };
}

/** Exactly what a person would type. */
function adviceFor({ name, program, needsRoot }, thing) {
  return `${needsRoot && !isRoot() ? "sudo " : ""}${program} install ${thing[name][0]}`;
}

const isRoot = () => process.getuid?.() === 0;

/** What makes the next words run as root without asking anybody; undefined when nothing does. */
async function rootPrefix() {
  if (isRoot()) return [];
  const sudo = findProgram("sudo");
  if (sudo === undefined) return undefined;
  const { ok } = await run(sudo, ["-n", "true"]);
  return ok ? [sudo, "-n"] : undefined;
}
