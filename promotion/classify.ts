import type { FailureClass, FailureSource } from "./failure.ts";

/** What a tool's message means for whoever has to act. */
export interface Classification {
  readonly code: string;
  readonly class: FailureClass;
  readonly source: FailureSource;
  readonly next: string;
}

interface Rule extends Classification {
  readonly pattern: RegExp;
}

/** The well-known messages of Terraform, npm, git, GitHub and AWS. First match wins, so the specific come first. */
const rules: readonly Rule[] = [
  {
    code: "state-locked",
    class: "lock",
    source: "service",
    next: "Waymark waits and tries again. If nobody is applying, remove the lock named above with `terraform force-unlock`.",
    pattern: /error acquiring the state lock|state (?:is|was) already locked|error locking state/i,
  },
  {
    code: "plan-stale",
    class: "conflict",
    source: "service",
    next: "Somebody else changed the state after the plan was made. Waymark looks again and plans anew.",
    pattern: /saved plan is stale|saved plan does not match|different state lineage/i,
  },
  {
    code: "provisioner-failed",
    class: "code",
    source: "user",
    next: "Correct what the script above reports, then push or re-run.",
    pattern: /(?:local|remote)-exec provisioner error|file provisioner error/i,
  },
  {
    code: "credentials-expired",
    class: "credentials",
    source: "service",
    next: "Waymark renews its credentials once. If it stays, check the role in the core registry.",
    pattern:
      /ExpiredToken|RequestExpired|token (?:has |is |included in the request is )?expired|credentials? (?:have |has )?expired|bad credentials|no valid credential sources|InvalidClientTokenId|UnrecognizedClientException|could not read Username|Authentication failed for/i,
  },
  {
    code: "access-denied",
    class: "configuration",
    source: "service",
    next: "Give the environment's role the permission named above, or take the resource out of the app.",
    pattern:
      /AccessDenied|UnauthorizedOperation|not authorized to perform|resource not accessible by integration/i,
  },
  {
    code: "quota-exceeded",
    class: "quota",
    source: "service",
    next: "Raise the quota named above or free some of it, then re-run.",
    pattern:
      /(?<!Request)LimitExceeded|QuotaExceeded|quota (?:has been )?exceeded|exceeded (?:your|the) .{0,40}quota|TooManyBuckets/i,
  },
  {
    code: "out-of-space",
    class: "configuration",
    source: "service",
    next: "Free some space on the worker's disk, then re-run.",
    pattern: /ENOSPC|no space left on device|disk quota/i,
  },
  {
    code: "dependency-refused",
    class: "code",
    source: "user",
    next: "Correct package.json, run `npm install`, and commit package-lock.json with it.",
    pattern:
      /npm error code (?:EUSAGE|ERESOLVE|E404|ETARGET|EINTEGRITY|EBADENGINE|ENOVERSIONS|EJSONPARSE|EINVALIDPACKAGENAME)|package\.json and package-lock\.json .{0,60}in sync/i,
  },
  {
    code: "registry-refused",
    class: "configuration",
    source: "service",
    next: "Check that the worker's npm registry (npm_config_registry) is the right one and lets it read.",
    pattern: /npm error code (?:E401|E403|ENEEDAUTH)/i,
  },
  {
    code: "temporarily-unavailable",
    class: "transient",
    source: "service",
    next: "Waymark tries again by itself.",
    pattern:
      /throttl|RequestLimitExceeded|TooManyRequests|rate (?:limit|exceeded)|ETIMEDOUT|ECONNRESET|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|socket hang up|connection (?:reset|refused|timed out)|i\/o timeout|(?:TLS handshake|operation|request) timed? ?out|deadline exceeded|no such host|could not resolve host|network is unreachable|unexpected EOF|early EOF|hung up unexpectedly|Internal ?(?:Server ?)?Error\b|Service ?Unavailable|bad gateway|gateway time-?out|(?:status(?:[ _-]?code)?|http(?:\/[0-9.]+)?|api error|response)\W{0,3}(?:429|50[0234])\b/i,
  },
  {
    code: "resource-exists",
    class: "conflict",
    source: "user",
    next: "Import the resource named above into the app, give it another name, or delete it, then re-run.",
    pattern:
      /already exists|AlreadyExists|AlreadyOwnedByYou|ResourceInUse|ConflictException|OperationAborted/i,
  },
  {
    code: "destroy-prevented",
    class: "code",
    source: "user",
    next: "Keep the resource, or take prevent_destroy away in a commit of its own.",
    pattern: /instance cannot be destroyed|lifecycle\.prevent_destroy/i,
  },
  {
    code: "backend-misconfigured",
    class: "configuration",
    source: "service",
    next: "Check this environment's backend in the core registry, and that the core stack was applied.",
    pattern:
      /NoSuchBucket|bucket .{0,80}does not exist|backend initialization required|failed to (?:get|read) .{0,30}(?:workspaces|backend)|error (?:loading|configuring|refreshing) (?:the )?(?:state|backend)/i,
  },
  {
    code: "provider-unavailable",
    class: "configuration",
    source: "user",
    next: "Check the provider's source and version in the app, and that the worker may reach its registry.",
    pattern:
      /failed to query available provider packages|inconsistent dependency lock file|unsupported \w+ core version|failed to install provider/i,
  },
  {
    code: "configuration-invalid",
    class: "code",
    source: "user",
    next: "Correct the app where the message points, then push.",
    pattern:
      /unsupported (?:argument|block|attribute)|missing (?:required argument|block label|attribute)|extraneous JSON|invalid (?:reference|expression|function|value|resource|index|template|JSON)|undeclared|error in function call|duplicate .{0,40}(?:definition|configuration)|inappropriate value|\bcycle:|self-referential/i,
  },
  {
    code: "program-error",
    class: "code",
    source: "user",
    next: "Run the app's command from cdktf.json on your machine, correct it, then push.",
    pattern:
      /SyntaxError|TypeError|ReferenceError|ERR_MODULE_NOT_FOUND|cannot find (?:module|package)|error TS[0-9]+/i,
  },
];

const unclear: Classification = {
  code: "unclear",
  class: "unknown",
  source: "user",
  next: "Read the message, correct the cause, then re-run.",
};

/** What is known about a message; `unclear` when it is none of the well-known ones. */
export function classify(message: string): Classification {
  const { pattern: _, ...classification } = rules.find(({ pattern }) => pattern.test(message)) ?? {
    ...unclear,
    pattern: undefined,
  };
  return classification;
}
