import { z } from "zod";
import { requireAuthor, requireItem } from "../auth/authorize.ts";
import { parseBody } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import type { Answer, Route } from "../http/router.ts";
import type { IssueComment } from "../model/pull-request.ts";
import { timestamp } from "../model/world.ts";
import { commentShape } from "../shapes/comment.ts";
import { type RepositoryCall, reads, repositoryRoute, writes } from "./repository-route.ts";

/** Comments under pull requests (to GitHub, every pull request is an issue). */
export const commentRoutes: readonly Route[] = [
  repositoryRoute("GET", "/issues/{issue_number}/comments", reads("issues"), listComments),
  repositoryRoute(
    "POST",
    "/issues/{issue_number}/comments",
    { ...writes("issues"), role: "read" },
    createComment,
  ),
  repositoryRoute("GET", "/issues/comments/{comment_id}", reads("issues"), getComment),
  repositoryRoute("PATCH", "/issues/comments/{comment_id}", writes("issues"), updateComment),
];

const request = z.object({ body: z.string().min(1).max(65_536) });

function createComment(call: RepositoryCall): Answer {
  const { number } = requireItem(call, call.repository.pullRequests, "issue_number");
  const { account, app } = requireAuthor(call);
  const { body } = parseBody(call, request);
  const now = timestamp(call.world);
  const id = call.world.nextId();
  return save(call, 201, { id, number, author: account, app, body, createdAt: now, updatedAt: now });
}

function updateComment(call: RepositoryCall): Answer {
  const comment = requireItem(call, call.repository.comments, "comment_id");
  const { body } = parseBody(call, request);
  return save(call, 200, { ...comment, body, updatedAt: timestamp(call.world) });
}

function save({ world, repository }: RepositoryCall, status: number, comment: IssueComment): Answer {
  repository.comments.set(comment.id, comment);
  return { status, body: commentShape(world.urls, repository, comment) };
}

function getComment(call: RepositoryCall): Answer {
  const comment = requireItem(call, call.repository.comments, "comment_id");
  return { status: 200, body: commentShape(call.world.urls, call.repository, comment) };
}

function listComments(call: RepositoryCall): Answer {
  const { number } = requireItem(call, call.repository.pullRequests, "issue_number");
  const all = [...call.repository.comments.values()].filter((comment) => comment.number === number);
  const { items, headers } = paginate(call, all);
  return {
    status: 200,
    headers,
    body: items.map((item) => commentShape(call.world.urls, call.repository, item)),
  };
}
