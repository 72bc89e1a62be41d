/** Whether git would create this branch: the rules of `git check-ref-format --branch`, without asking git. */
export function isBranchName(name: string): boolean {
  if (name === "" || name === "@" || name === "HEAD" || name.length > 244) return false;
  if (hasForbiddenCharacter(name) || name.startsWith("-") || name.endsWith(".")) return false;
  if (name.includes("..") || name.includes("@{")) return false;
  return name.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}

function hasForbiddenCharacter(name: string): boolean {
  return [...name].some(
    (character) => character <= " " || character === "\x7f" || "~^:?*[\\".includes(character),
  );
}
