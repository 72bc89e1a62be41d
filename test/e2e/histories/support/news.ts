import type { LocalGitHub } from "../../../../demo/github/local-github.ts";
import type { Delivery } from "../../../../demo/github/model/delivery.ts";

/** What GitHub told about a repository, received or not: costs nothing to look at, so good for waiting. */
export interface News {
  /** What a tag (`deploy/dev/1`) held when GitHub told last; undefined: it does not exist. */
  told(tag: string): string | undefined;
  /** Every delivery that told of a tag's move to an object, the first time. */
  moves(tag: string, to: string): readonly Delivery[];
  /** What was delivered once more. */
  redelivered(): readonly Delivery[];
}

export function readNews(github: Pick<LocalGitHub, "deliveries">, repository: number): News {
  const deliveries = () => github.deliveries.filter(({ repositoryId }) => repositoryId === repository);
  // What is delivered once more tells of the past.
  const pushes = (tag: string) =>
    deliveries().filter(
      ({ event, redelivery, request }) =>
        event === "push" && !redelivery && request.payload.ref === `refs/tags/${tag}`,
    );
  return {
    told: (tag) => afterOf(pushes(tag).at(-1)),
    moves: (tag, to) => pushes(tag).filter((push) => afterOf(push) === to),
    redelivered: () => deliveries().filter(({ redelivery }) => redelivery),
  };
}

const nothing = "0".repeat(40);

function afterOf(push: Delivery | undefined): string | undefined {
  const after = push?.request.payload.after;
  return typeof after === "string" && after !== nothing ? after : undefined;
}
