import { table } from "../support/hostile-case.ts";

/** What a payload says instead of the truth, by its top-level key. */
export type Lie = Readonly<Record<string, unknown>>;

const ref = (name: string): Lie => ({ ref: name });
const tag = (name: string): Lie => ref(`refs/tags/deploy/${name}`);

/**
 * A push, signed rightly and otherwise true, with one lie in it: what somebody makes GitHub say who can choose names, or
 * who has the secret but not the right repository. Refused: nobody is woken.
 */
export const payloadTable = table<Lie>("the queue, and what is known about who moved what", [
  ["a branch with a command in backticks", ref("refs/heads/dev`id`"), "nobody woken"],
  ["a branch with a command in $()", ref("refs/heads/$(touch$IFS/x)"), "nobody woken"],
  ["a branch with quotes", ref(`refs/heads/dev'";--`), "nobody woken"],
  ["a branch with markup", ref("refs/heads/<script>alert(1)</script>"), "nobody woken"],
  ["a branch like an option of git's", ref("refs/heads/--upload-pack=touch x"), "nobody woken"],
  ["a branch with a line break behind the true name", ref("refs/heads/dev\n"), "nobody woken"],
  ["a branch that climbs back to the true one", ref("refs/heads/x/../dev"), "nobody woken"],
  ["a branch in capitals", ref("refs/heads/DEV"), "nobody woken"],
  ["a branch with a zero byte", ref("refs/heads/dev\0"), "nobody woken"],
  ["a branch named like a prototype", ref("refs/heads/__proto__"), "nobody woken"],
  ["a branch of a million letters", ref(`refs/heads/${"dev/".repeat(250_000)}`), "nobody woken"],
  ["a short name instead of the full one", ref("dev"), "nobody woken"],
  ["a tag that climbs into another environment", tag("dev/../prod/current"), "nobody woken"],
  ["a tag of an environment named like a prototype", tag("__proto__/current"), "nobody woken"],
  ["a tag of an environment that nobody set up", tag("production/current"), "nobody woken"],
  ["a tag below current", tag("dev/current/x"), "nobody woken"],
  ["a tag with a line break", tag("dev/current\n"), "nobody woken"],
  ["a number with a zero before it", tag("dev/01"), "nobody woken"],
  ["a number in another notation", tag("dev/1e3"), "nobody woken"],
  ["a number beyond all numbers", tag(`dev/${"9".repeat(400)}`), "nobody woken"],
  ["a repository that is not registered", { repository: { id: 4_000_000 } }, "nobody woken"],
  ["a repository's id as a text", { repository: { id: "1" } }, "nobody woken"],
  ["a repository's id as a list", { repository: { id: [1] } }, "nobody woken"],
  ["a repository's id between two", { repository: { id: 1.5 } }, "nobody woken"],
  ["an installation that is no number", { installation: { id: "1 OR 1=1" } }, "400"],
  ["no installation", { installation: null }, "nobody woken"],
  ["an object that is an option", { after: "--all" }, "nobody woken"],
  ["an object that is a name", { after: "refs/heads/main" }, "nobody woken"],
  ["an object with a line break", { after: `${"a".repeat(40)}\n` }, "nobody woken"],
  ["a sender that is nobody", { sender: null }, "nobody woken"],
  ["a sender whose login is an object", { sender: { login: { toString: "alice" } } }, "nobody woken"],
]);
