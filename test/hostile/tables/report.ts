import { table } from "../support/hostile-case.ts";

/** Every text holds this word, so that it can be told where it went. */
export const mark = "HOSTILE";

/** A text that reaches a check run as an error, an address, a stack's reason; refused: it stays inside of code. */
export const reportTable = table<string>("the report's own words, links and layout", [
  ["a script", `<script>${mark}</script>`, "code"],
  ["an image that runs a script", `<img src=x onerror="${mark}">`, "code"],
  ["a comment that hides the rest", `<!-- ${mark}`, "code"],
  ["an end of the code element", `</code></p><h1>${mark}</h1>`, "code"],
  ["folded details", `<details open><summary>${mark}</summary>`, "code"],
  ["an image on another server", `![${mark}](https://evil.example/p.png)`, "code"],
  ["a link that looks like an approval", `[${mark}: approve](https://evil.example)`, "code"],
  ["a bare address", `https://evil.example/${mark}`, "code"],
  ["a mention of a team", `@acme/owners ${mark}`, "code"],
  ["a closing backtick", `\` **${mark}** \``, "code"],
  ["many closing backticks", `\`\`\`\`\`\`\` <b>${mark}</b> \`\`\``, "code"],
  ["backticks only at its borders", `\`${mark}\``, "code"],
  ["a fence on lines of its own", `\n\n\`\`\`\n${mark}\n\`\`\`\n# ${mark}\n`, "code"],
  ["a heading on a line of its own", `x\n\n# ${mark}: deployed\n`, "code"],
  ["carriage returns as lines", `x\r\r# ${mark}\r`, "code"],
  ["Unicode's own line breaks", `x\u2028\u2028# ${mark}\u2029\u0085`, "code"],
  ["bars that end a table's cell", `a | <b>${mark}</b> | \`b`, "code"],
  ["backslashes before the bars", `a \\| <b>${mark}</b> \\\\| <i>x</i> \\`, "code"],
  ["a row of its own", `x\n| ${mark} | applied | 0 |`, "code"],
  ["an end of the list", `x\n\n<ul><li>${mark}`, "code"],
  ["marks that turn the reading direction", `\u202E${mark}\u2066\u200F`, "code"],
  ["terminal commands", `\u001b[2J\u001b]8;;https://evil.example\u0007${mark}\u0000\u0008`, "code"],
  ["halves of characters", `${mark}\uD83D \uDE00\uD83D`, "code"],
  ["100,000 characters", `${mark} \`**<b>${"x`*<".repeat(25_000)}`, "code"],
  ["100,000 backticks", `${mark}${"`".repeat(100_000)}`, "code"],
]);
