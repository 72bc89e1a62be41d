import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { freshDirectory } from "../../../support/directory.ts";
import { fakeNetworkMirror } from "./fake-provider.ts";

/** A network mirror with the fake provider, by https, under a certificate of its own. */
export interface MirrorServer extends AsyncDisposable {
  readonly url: string;
  /** What makes Terraform trust it. */
  readonly variables: Readonly<Record<string, string>>;
  /** The archives that were fetched. */
  readonly archives: readonly string[];
}

/** `onRequest`: what happens before an answer, by its path. */
export async function startMirror(onRequest?: (path: string) => void): Promise<MirrorServer> {
  const files = await fakeNetworkMirror();
  const root = await freshDirectory();
  const [key, certificate] = [join(root, "key.pem"), join(root, "certificate.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject];
  await execa("openssl", [...request, "-keyout", key, "-out", certificate]);
  const archives: string[] = [];
  const pem = { key: await readFile(key), cert: await readFile(certificate) };
  const server = createServer(pem, ({ url = "", method }, answer) => {
    if (url.endsWith(".zip") && method === "GET") archives.push(url);
    onRequest?.(url);
    const content = files.get(url);
    const type = url.endsWith(".json") ? "application/json" : "application/zip";
    answer.writeHead(content === undefined ? 404 : 200, { "content-type": type });
    answer.end(content);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    variables: { SSL_CERT_FILE: certificate },
    archives,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
