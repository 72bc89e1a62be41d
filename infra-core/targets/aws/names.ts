/** What a name is made of: the installation, and the environment that it belongs to. */
export interface Owner {
  /** The installation's name: several can share an account. */
  readonly name: string;
  readonly environment: string;
}

// S3 names are unique in the world: the account number keeps others from taking ours first. 63 characters at most:
// 12 (name) + 31 (environment) + 12 (account) + 8.

export const stateBucketName = (owner: Owner, account: string): string => `${prefix(owner)}-state-${account}`;

/** Bundles and logs. */
export const artifactBucketName = (owner: Owner, account: string): string =>
  `${prefix(owner)}-files-${account}`;

/** Where the core stacks keep their own state. */
export const coreBucketName = (name: string, account: string): string => `${name}-core-${account}`;

export const roleName = (owner: Owner, purpose: string): string => `${prefix(owner)}-${purpose}`;

/** A push role belongs to one repository. Its id is short and never changes, as a name does. */
export const pushRoleName = (owner: Owner, repositoryId: number): string =>
  roleName(owner, `push-${repositoryId}`);

export const boundaryName = (owner: Owner): string => roleName(owner, "boundary");

/** Alias of a KMS key. */
export const keyAlias = (owner: Owner, purpose: string): string => `alias/${roleName(owner, purpose)}`;

/** The IAM path of everything that the core stack makes: no deployment may change what lies below it. */
export const corePath = (name: string): string => `/${name}/`;

/** The IAM path below which an environment's application makes its own roles. */
export const applicationPath = (environment: string): string => `/application/${environment}/`;

/** ECR wants lower case. Environments may share a registry, so each has a name of its own. */
export const imageRepositoryName = (environment: string, fullName: string): string =>
  `${environment}/${fullName.toLowerCase()}`;

const prefix = ({ name, environment }: Owner): string => `${name}-${environment}`;
