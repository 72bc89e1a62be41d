export function download(options: {
  url: string;
  sha256: string;
  attempts?: number;
  pause?: number;
}): Promise<Buffer>;
