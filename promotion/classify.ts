import { type Classification, failureSigns } from "./failure-signs.ts";

const unclear: Classification = {
  code: "unclear",
  class: "unknown",
  source: "user",
  next: "Read the message, correct the cause, then re-run.",
};

/** What is known about a tool's message; `unclear` when it is none of the well-known ones. */
export function classify(message: string): Classification {
  const said = withoutCommand(message);
  const found = failureSigns.find(({ signs }) => signs.some((sign) => sign.test(said)));
  if (!found) return unclear;
  const { signs: _, ...classification } = found;
  return classification;
}

/** Terraform quotes the script that failed, and a script may name any error without having met it. */
function withoutCommand(message: string): string {
  return message.replace(/Error running command '[\s\S]*?': (?=exit status|signal)/g, "");
}
