export interface TerraformRelease {
  readonly version: string;
  readonly site: string;
  readonly sha256: Readonly<Record<string, string>>;
}
export function installTerraform(
  target: string,
  release?: TerraformRelease,
  platform?: string,
): Promise<void>;
