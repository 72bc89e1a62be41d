export function installPackages(directory: string): Promise<boolean>;
export function isInstalled(directory: string): boolean;
