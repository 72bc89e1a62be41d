import { ProbotOctokit } from "probot";

/**
 * Probot makes a client for each event, which takes it longer than all the rest. No handler uses it: whoever asks GitHub
 * signs in by `probot.auth()`. So all events are given the App's own client, which is there already.
 */
export const EventClient = ProbotOctokit.plugin((octokit) => {
  const signIn = octokit.auth;
  const auth = async (asked?: unknown): Promise<unknown> =>
    isOfEvent(asked) ? octokit : await signIn(asked);
  return { auth };
});

const isOfEvent = (asked: unknown): boolean =>
  typeof asked === "object" && asked !== null && "type" in asked && asked.type === "event-octokit";
