/**
 * The tags that the worker's sessions carry. Each is required: the core stack's trust policies refuse a session without
 * them, and what a session may touch follows from them.
 */
export const sessionTags = {
  /** `owner/name`, as the core configuration spells it. */
  repository: "waymark:repository",
  environment: "waymark:environment",
  /** `<number>/<attempt>` of a deployment, or what else the session is for. */
  deployment: "waymark:deployment",
} as const;
