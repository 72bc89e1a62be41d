import { type Import, importsOf, type Sources } from "./imports.ts";

/** What each folder may import: folders and single files. The design's arrows, and nothing else. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  promotion: ["promotion/"],
  adapters: ["promotion/", "adapters/"],
  jobs: ["promotion/", "adapters/", "jobs/"],
  app: ["promotion/", "adapters/", "app/", "jobs/queues.ts"],
  service: ["promotion/", "adapters/", "jobs/", "app/", "service/"],
  bench: [
    "promotion/",
    "adapters/",
    "jobs/",
    "app/",
    "service/",
    "scripts/",
    "demo/",
    "test/support/",
    "test/jobs/support/",
    "bench/",
  ],
  demo: ["promotion/", "adapters/", "jobs/", "app/", "service/", "scripts/", "infra-core/", "demo/"],
  test: [
    "promotion/",
    "adapters/",
    "jobs/",
    "app/",
    "service/",
    "scripts/",
    "demo/",
    "infra-core/",
    "bench/",
    "test/",
  ],
  scripts: ["scripts/"],
  "infra-core": ["promotion/", "adapters/", "infra-core/"],
  "infra-app": ["infra-app/"],
};

/** The packages of those that may not take just any: the rules stay pure, and set-up runs before all installing. */
const packages: readonly { readonly of: string; readonly allowed: RegExp }[] = [
  { of: "promotion/", allowed: /^(zod|yaml|croner)$/ },
  { of: "scripts/setup", allowed: /^node:/ },
];

const folderOf = (file: string) => file.split("/")[0] ?? "";
const isInside = (to: string, sources: Sources) => sources.has(to) || folderOf(to) in arrows;

/** Imports that go against an arrow. */
export function forbiddenImports(sources: Sources): readonly string[] {
  return importsOf(sources)
    .filter((edge) => folderOf(edge.from) in arrows && !isAllowed(edge, sources))
    .map(({ from, to }) => `${from} imports ${to}`);
}

function isAllowed({ from, to }: Import, sources: Sources): boolean {
  if (isInside(to, sources)) {
    return (arrows[folderOf(from)] ?? []).some((entry) =>
      entry.endsWith("/") ? to.startsWith(entry) : to === entry,
    );
  }
  if (to.startsWith("..")) return false;
  return packages.every(({ of, allowed }) => !from.startsWith(of) || allowed.test(to));
}

/** Circles of imports, each told from its first file on; types that only look at each other are none. */
export function importCycles(sources: Sources): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to, typeOnly } of importsOf(sources)) {
    if (!typeOnly) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]) => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
    if (trail.includes(file) || finished.has(file)) return;
    for (const target of targets.get(file) ?? []) visit(target, [...trail, file]);
    finished.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}

const maximumLines = 300;

/** Files that nobody reads in one sitting. */
export function longFiles(sources: Sources): readonly string[] {
  return [...sources]
    .map(([file, text]) => [file, text.split("\n").length - 1] as const)
    .filter(([, lines]) => lines > maximumLines)
    .map(([file, lines]) => `${file} has ${lines} lines`);
}

/** Ways of starting a process that give it the worker's whole environment, or a shell to read data as code. */
const careless = [
  /\.\.\.process\.env\b/,
  /\benv:\s*process\.env\b(?!\.|\[)/,
  /\bshell:\s*true\b/,
  /\bexecSync\(/,
];

/** Product files that start processes carelessly. */
export function carelessProcesses(sources: Sources): readonly string[] {
  const product = ["app", "jobs", "adapters", "service", "promotion", "demo"];
  return [...sources].flatMap(([file, text]) =>
    product.includes(folderOf(file))
      ? careless.filter((pattern) => pattern.test(text)).map((pattern) => `${file} holds ${pattern.source}`)
      : [],
  );
}

/** A client of AWS's, with all that it is made of. */
const awsClient = /\bnew \w+Client\([^;]*/g;
const services = /\bnew (?:S3|SSM|STS|IAM|KMS)Client\(/;

/** Product files that make a client of AWS which waits as long as it likes. */
export function endlessClients(sources: Sources): readonly string[] {
  const product = ["app", "jobs", "adapters", "service", "infra-core"];
  return [...sources].flatMap(([file, text]) => {
    const made = product.includes(folderOf(file)) ? (text.match(awsClient) ?? []) : [];
    const endless = made.filter((client) => services.test(client) && !/\brequestHandler\b/.test(client));
    return endless.map(() => `${file} makes a client that waits without end`);
  });
}
