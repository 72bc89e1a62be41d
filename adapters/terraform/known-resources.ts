import { z } from "zod";

/** A deposed object is the old one: of the one that takes its place nothing is known by it. */
const moduleSchema = z.object({
  resources: z.array(z.object({ address: z.string(), deposed_key: z.string().optional() })).default([]),
  get child_modules() {
    return z.array(moduleSchema).default([]);
  },
});

type Module = z.output<typeof moduleSchema>;

const stateSchema = z.object({ values: z.object({ root_module: moduleSchema }).optional() });

/** The addresses of all that a state knows. `state`: as `terraform show -json` tells it. */
export function knownResources(state: unknown): ReadonlySet<string> {
  const { values } = stateSchema.parse(state);
  return new Set(values ? addressesIn(values.root_module) : []);
}

function addressesIn({ resources, child_modules }: Module): string[] {
  const own = resources.flatMap(({ address, deposed_key }) => (deposed_key === undefined ? address : []));
  return [...own, ...child_modules.flatMap(addressesIn)];
}
