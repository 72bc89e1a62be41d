import type { IssueComment } from "../model/pull-request.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";
import { accountShape } from "./account.ts";
import { appShape } from "./app.ts";
import { nodeId, type Schemas } from "./schemas.ts";

/** `issue-comment`. */
export function commentShape(urls: Urls, { fullName }: Repository, comment: IssueComment) {
  const issues = `${urls.api}/repos/${fullName}/issues`;
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url: `${issues}/comments/${comment.id}`,
    html_url: `${urls.web}/${fullName}/pull/${comment.number}#issuecomment-${comment.id}`,
    issue_url: `${issues}/${comment.number}`,
    body: comment.body,
    user: accountShape(urls, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: comment.app === null ? "MEMBER" : "NONE",
    performed_via_github_app: comment.app === null ? null : appShape(urls, comment.app),
  } satisfies Schemas["issue-comment"];
}
