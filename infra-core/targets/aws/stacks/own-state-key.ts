/** Where in their bucket, or in a directory, a core stack keeps its own state. */
export const stateKey = (stack: string): string => `${stack}.tfstate`;
