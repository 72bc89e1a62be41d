import type { Probot } from "probot";
import { installationClientId, type SharedBudget } from "../adapters/github/shared-budget.ts";
import type { Handling } from "./events/handler.ts";

/** Milliseconds: less than a delivery has, so that nothing is written after it was said to have failed. */
const writeWithin = 7000;

/** What the event handlers ask of GitHub, by Probot's own client. Who clicked waits for no worker's writes. */
export function probotQueue(
  probot: Probot,
  budget: Pick<SharedBudget, "count">,
): Pick<Handling, "isSelf" | "queueCheck"> {
  let botLogin: Promise<string> | undefined;
  const askBotLogin = async (): Promise<string> => {
    const app = await probot.auth();
    const { data } = await app.request("GET /app");
    return `${data?.slug}[bot]`;
  };
  return {
    isSelf: async (login) => {
      botLogin ??= askBotLogin();
      botLogin.catch(() => {
        botLogin = undefined;
      });
      return login === (await botLogin);
    },
    queueCheck: async (check) => {
      const client = await probot.auth(check.installationId);
      budget.count(installationClientId(check.installationId));
      await client.request("POST /repos/{owner}/{repo}/check-runs", {
        owner: check.owner,
        repo: check.repo,
        name: check.name,
        head_sha: check.commit,
        status: "queued",
        external_id: check.externalId,
        output: { title: check.title, summary: check.summary },
        request: { signal: AbortSignal.timeout(writeWithin) },
      });
    },
  };
}
