/**
 * Whether a version (1.11.4, v20.18.1) is at least the other one; suffixes such as -rc1 don't count.
 * @param {string} version
 * @param {string} least
 */
export function isAtLeast(version, least) {
  const [have, want] = [version, least].map((text) => text.replace(/^v/, "").split(/[.-]/, 3).map(Number));
  for (const [index, number] of want.entries()) {
    const own = have[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
