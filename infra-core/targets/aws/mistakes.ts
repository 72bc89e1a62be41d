import { accountOf, partitionIn, partitionOf } from "./arn.ts";
import { corePath } from "./names.ts";

interface Place {
  readonly account: string;
  readonly region: string;
  readonly provisioner?: string | undefined;
}

interface Places {
  readonly name: string;
  readonly core: Place;
  readonly administrators: readonly string[];
  readonly environments: readonly (Place & {
    readonly name: string;
    readonly service: string;
    readonly policies: readonly string[];
    readonly assumable: readonly string[];
  })[];
}

/** What can't work where it is, one sentence each. */
export function placeMistakes({ name: installation, core, administrators, environments }: Places): string[] {
  return [
    ...mistakesAt("core", core, administrators, []),
    ...environments.flatMap(({ name, service, policies, assumable, ...place }) => [
      ...mistakesAt(`environment ${name}`, place, administrators, [service, ...policies, ...assumable]),
      // The boundary says no to these anyway.
      ...assumable
        .filter((arn) => arn.includes(`:role${corePath(installation)}`))
        .map((arn) => `an app in environment ${name} can't take ${arn}, which is the core stack's own`),
    ]),
  ];
}

function mistakesAt(owner: string, place: Place, administrators: readonly string[], arns: readonly string[]) {
  const { account, region, provisioner } = place;
  const partition = partitionOf(region);
  const own = administrators.filter((arn) => accountOf(arn) === account);
  const used = [...arns, ...own].concat(provisioner ?? []);
  return [
    ...used
      .filter((arn) => partitionIn(arn) !== partition)
      .map((arn) => `${owner} is in the partition ${partition}, and can't use ${arn}`),
    ...(own.length === 0 ? [`${owner} has no administrator: list a role of the account ${account}`] : []),
    ...(provisioner === undefined || own.includes(provisioner)
      ? []
      : [
          `${owner} is provisioned by ${provisioner}, which must be a role of the account ${account} and an administrator`,
        ]),
  ];
}
