import type { Statement } from "../policy.ts";

/**
 * The roles that the admin lets an application's own providers take. What such a role may do is its owner's affair, and a
 * plan takes it too: whoever wants plans that only look lists a role that only looks. The source identity goes along,
 * so its trust must allow that.
 */
export const assumeRoles = (roles: readonly string[]): Statement[] => [
  {
    sid: "Assume",
    actions: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
    resources: [...roles],
  },
];
