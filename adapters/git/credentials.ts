/** A token that is good for git at the moment it is asked for; renewed by whoever gives it. */
export type TokenSource = () => Promise<string>;

/**
 * Settings for git in the child's environment: an authorization header. Never in a URL, a file or an argument,
 * where other processes and logs could read it. A redirect must not carry the header elsewhere.
 */
export function gitCredentials(token: string): Record<string, string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return configuration([
    ["http.extraHeader", `Authorization: Basic ${basic}`],
    ["http.followRedirects", "false"],
  ]);
}

function configuration(settings: readonly (readonly [key: string, value: string])[]): Record<string, string> {
  const entries = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) };
}
