import fc from "fast-check";
import { expect, test } from "vitest";
import { splitCommand } from "../../../adapters/synth/split-command.ts";

test.each([
  ["node main.js", ["node", "main.js"]],
  ["  npx   tsx\tmain.ts ", ["npx", "tsx", "main.ts"]],
  [`node -e 'a b' "c d" e\\ f`, ["node", "-e", "a b", "c d", "e f"]],
  [`node "a\\"b" 'c"d' --x="y z"`, ["node", 'a"b', 'c"d', "--x=y z"]],
  [`node ''`, ["node", ""]],
  ["node 'a; rm -rf $HOME'", ["node", "a; rm -rf $HOME"]],
])("%s", (line, words) => {
  expect(splitCommand(line)).toEqual(words);
});

test.each([
  "npm run build && node main.js",
  "node main.js; id",
  "node main.js | tee log",
  "node main.js > out",
  "node $(cat secret)",
  "node `id`",
  'node "$HOME/main.js"',
  "node *.js",
  "node main.js &",
  "node main.js # comment",
  "~/bin/synth",
  "node 'unfinished",
  'node "unfinished',
  "node \\",
  "node main.js\\\nid",
  "FOO=bar node main.js",
  "",
  "   ",
])("refused: %j", (line) => {
  expect(() => splitCommand(line)).toThrow(
    expect.objectContaining({ code: "command-refused", source: "user" }),
  );
});

test("any words come back if they are quoted", () => {
  const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
      fc.pre(!/^[A-Za-z_]\w*=/.test(words[0] ?? ""));
      expect(splitCommand(words.map(quote).join(" "))).toEqual(words);
    }),
  );
});
