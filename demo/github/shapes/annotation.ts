import type { CheckAnnotation, CheckRun } from "../model/check.ts";
import type { Repository } from "../model/repository.ts";
import type { Urls } from "../model/world.ts";
import type { Schemas } from "./schemas.ts";

/** `check-annotation`. */
export function annotationShape(
  urls: Urls,
  { fullName }: Repository,
  run: CheckRun,
  annotation: CheckAnnotation,
) {
  const path = annotation.path.split("/").map(encodeURIComponent).join("/");
  return {
    ...annotation,
    blob_href: `${urls.web}/${fullName}/blob/${run.suite.headSha}/${path}`,
  } satisfies Schemas["check-annotation"];
}
