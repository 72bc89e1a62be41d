const names = [
  "PATH",
  "HOME",
  "LANG",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "HTTPS_PROXY",
  "NO_PROXY",
  "WAYMARK_TERRAFORM",
];

/** What a shell would give a program anyway; nothing that could point it elsewhere. */
export function inherited(): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
