import type { FailureClass, FailureSource } from "./failure.ts";

/** What a tool's message means for whoever has to act. */
export interface Classification {
  readonly code: string;
  readonly class: FailureClass;
  readonly source: FailureSource;
  readonly next: string;
}

/** One kind of failure, and the words by which the well-known tools tell it. */
export interface FailureSigns extends Classification {
  readonly signs: readonly RegExp[];
}

/** The well-known messages of Terraform, npm, git, GitHub and the clouds. First match wins: the specific come first. */
export const failureSigns: readonly FailureSigns[] = [
  {
    code: "state-locked",
    class: "lock",
    source: "service",
    next: "Wait until whoever holds the lock is done, then re-run. If nobody is applying, remove the lock with `terraform force-unlock`.",
    // Terraform says "error acquiring the state lock" of anything that keeps it from the state.
    signs: [
      /lock info:\s+ID:/i,
      /state (?:is |was |blob is )?already locked|locked by another terraform client/i,
      /acquiring the state lock[\s\S]{0,200}(?:resource temporarily unavailable|ConditionalCheckFailed|PreconditionFailed|conditionNotMet)/i,
    ],
  },
  {
    code: "plan-stale",
    class: "conflict",
    source: "service",
    next: "Somebody else changes the same state. Let them end, then re-run.",
    signs: [/saved plan is stale/i, /saved plan does not match/i, /different state lineage/i],
  },
  {
    // Clouds call it a quota too when they are only asked too often.
    code: "rate-limited",
    class: "transient",
    source: "service",
    next: "Waymark tries again by itself.",
    signs: [
      /throttl/i,
      /too ?many ?requests/i,
      /rate ?(?:limit|exceeded)|RATE_LIMIT_EXCEEDED/i,
      /request ?limit ?exceeded/i,
      /ThroughputExceeded|SlowDown\b|retry quota exceeded/i,
      /requests per .{0,30}(?:minute|second)/i,
      /(?:status(?:[ _-]?code)?|http(?:\/[0-9.]+)?|error|code)\W{0,3}E?429\b/i,
    ],
  },
  {
    code: "credentials-expired",
    class: "credentials",
    source: "service",
    next: "Check the role or the credentials of this environment in the core registry, then re-run.",
    signs: [
      /ExpiredToken|RequestExpired|InvalidClientTokenId|InvalidAccessKeyId|UnrecognizedClientException/,
      /SignatureDoesNotMatch|InvalidAuthenticationToken|invalid_grant/,
      /(?:token|credentials?|session)(?: for \S+)? (?:has |have |is |included in the request is )?expired/i,
      /no valid credential sources|no EC2 IMDS role found|could not find default credentials/i,
      /failed to (?:refresh|retrieve) (?:cached )?credentials/i,
      /bad credentials|invalid username or (?:password|token)/i,
      /could not read (?:Username|Password)|authentication failed for/i,
    ],
  },
  {
    code: "access-denied",
    class: "configuration",
    source: "service",
    next: "Give the environment's role the permission named above, or take the resource out of the app.",
    signs: [
      /AccessDenied|UnauthorizedOperation|AuthorizationFailed|PERMISSION_DENIED/,
      /not authorized to perform|insufficient authentication scopes|resource not accessible by integration/i,
      /repository was archived|(?:protected branch|pre-receive) hook declined/i,
      /remote: (?:repository not found|permission to .{1,200} denied)|returned error: 40[13]\b/i,
    ],
  },
  {
    code: "quota-exceeded",
    class: "quota",
    source: "service",
    next: "Ask for more of the quota named above at https://console.cloud.google.com/iam-admin/quotas, or free some of it; then re-run.",
    signs: [
      /Quota '[\w-]+' exceeded|QUOTA_EXCEEDED|quota metric '/i,
      /insufficient (?:regional |project )?quota/i,
      /googleapi.{0,200}quota/is,
    ],
  },
  {
    code: "quota-exceeded",
    class: "quota",
    source: "service",
    next: "Ask for more of the quota named above in the Azure portal, under Quotas, or free some of it; then re-run.",
    signs: [/exceeding approved .{0,60}quota/i, /quota ?exceeded.{0,400}(?:azure|aka\.ms)/is],
  },
  {
    code: "quota-exceeded",
    class: "quota",
    source: "service",
    next: "Ask for more of the quota named above at https://console.aws.amazon.com/servicequotas/home, in the environment's region, or free some of it; then re-run.",
    signs: [
      /LimitExceeded|QuotaExceeded|TooMany(?:Buckets|HostedZones|Distributions)/,
      /quota (?:has been )?exceeded|exceed(?:ed)? (?:your|the) .{0,40}quota|cannot exceed quota/i,
      /maximum number of .{1,60} (?:has been |was )?reached/i,
    ],
  },
  {
    code: "out-of-space",
    class: "configuration",
    source: "service",
    next: "Free some space on the worker's disk, then re-run.",
    signs: [/ENOSPC|no space left on device|disk quota/i],
  },
  {
    code: "dependency-refused",
    class: "code",
    source: "user",
    next: "Correct package.json, run `npm install`, and commit package-lock.json with it.",
    signs: [
      /npm (?:error|ERR!) code (?:EUSAGE|ERESOLVE|E404|ETARGET|EINTEGRITY|EBADENGINE|ENOVERSIONS|EJSONPARSE)/,
      /npm (?:error|ERR!) code EINVALIDPACKAGENAME/,
      /package\.json and package-lock\.json .{0,60}in sync/i,
    ],
  },
  {
    code: "registry-refused",
    class: "configuration",
    source: "service",
    next: "Check that the worker's npm registry (npm_config_registry) is the right one and lets it read.",
    signs: [/npm (?:error|ERR!) code (?:E401|E403|ENEEDAUTH)/],
  },
  {
    code: "temporarily-unavailable",
    class: "transient",
    source: "service",
    next: "Waymark tries again by itself.",
    signs: [
      /ETIMEDOUT|ECONNRESET|ECONNREFUSED|EPIPE|ENOTFOUND|EAI_AGAIN|ERR_SOCKET_TIMEOUT|socket hang up/i,
      /connection (?:was )?(?:reset|refused|closed|aborted|timed out)|broken pipe|couldn't connect to server/i,
      /i\/o timeout|(?:TLS handshake|operation|request|gateway) ?-?timed? ?-?out|RequestTimeout/i,
      /timeout (?:was reached|while waiting for)|Client\.Timeout exceeded|deadline exceeded/i,
      /no such host|server misbehaving|could not resolve host|temporary failure in name resolution/i,
      /network is unreachable|no route to host/i,
      /unexpected EOF|early EOF|": EOF|hung up unexpectedly|RPC failed/i,
      /internal ?(?:server ?)?(?:error|failure)\b|service ?unavailable|bad gateway|ServerBusy|backendError/i,
      /temporarily unavailable|try again later|InsufficientInstanceCapacity|ZONE_RESOURCE_POOL_EXHAUSTED/i,
      /(?:status(?:[ _-]?code)?|http(?:\/[0-9.]+)?|error|response|npm (?:error|ERR!) code)\W{0,3}E?50[0234]\b/i,
    ],
  },
  {
    // After what may pass by itself: a script that the network let down is tried again like anything else.
    code: "provisioner-failed",
    class: "code",
    source: "user",
    next: "Correct what the script above reports, then push or re-run.",
    signs: [/(?:local|remote)-exec provisioner error|file provisioner error/i],
  },
  {
    code: "changed-meanwhile",
    class: "conflict",
    source: "service",
    next: "Somebody or something else changes the same thing. Let it end, then re-run.",
    signs: [
      /OperationAborted|ConcurrentModification|ConcurrentUpdate|DependencyViolation|DeleteConflict/,
      /PreconditionFailed|conditionNotMet|InvalidIfMatchVersion|AnotherOperationInProgress/,
      /conflicting (?:conditional )?operation|object has been modified/i,
      /cannot lock ref|non-fast-forward|stale info|\(fetch first\)/i,
    ],
  },
  {
    code: "resource-exists",
    class: "conflict",
    source: "user",
    next: "Import the resource named above into the app, give it another name, or delete it, then re-run.",
    signs: [
      /already exists?\b|AlreadyExists|AlreadyOwnedByYou/i,
      /\.Duplicate\b|ResourceInUse|ResourceConflict|ConflictException/,
    ],
  },
  {
    code: "destroy-prevented",
    class: "code",
    source: "user",
    next: "Keep the resource, or take prevent_destroy away in a commit of its own.",
    signs: [/instance cannot be destroyed|lifecycle\.prevent_destroy/i],
  },
  {
    code: "backend-misconfigured",
    class: "configuration",
    source: "service",
    next: "Check this environment's backend in the core registry, and that the core stack was applied.",
    signs: [
      /NoSuchBucket|bucket .{0,80}does not exist/i,
      /backend (?:initialization required|configuration changed)/i,
      /failed to (?:get|read|load|open) .{0,30}(?:workspaces|backend|state)/i,
      /error (?:loading|configuring|refreshing|opening) .{0,20}(?:state|backend)/i,
      /state snapshot was created by|unsupported state file format|error acquiring the state lock/i,
    ],
  },
  {
    code: "providers-lost",
    class: "conflict",
    source: "service",
    next: "Leave `cache/providers` in the workers' home alone while something is deployed, then re-run.",
    // `validate` says no more than which package is not there any more.
    signs: [
      /required plugins are not installed|there is no package for .{0,200} cached in/i,
      /the cached package for .{0,500} does not match any of the checksums/i,
    ],
  },
  {
    code: "provider-unavailable",
    class: "configuration",
    source: "user",
    next: "Check the provider's source and version in the app, and that the worker may reach its registry.",
    signs: [
      /failed to (?:query available provider packages|install provider)/i,
      /inconsistent dependency lock file|provider registry .{0,40}does not have a provider|missing required provider/i,
      /unsupported \w+ core version/i,
    ],
  },
  {
    code: "configuration-invalid",
    class: "code",
    source: "user",
    next: "Correct the app where the message points, then push.",
    signs: [
      /unsupported (?:argument|block|attribute)|missing (?:required argument|block label|attribute)/i,
      /extraneous JSON|undeclared|error in function call|inappropriate value|self-referential|\bcycle:/i,
      /invalid (?:reference|expression|function|value|resource|index|template|JSON|for_each|count|operand)/i,
      /duplicate .{0,40}(?:definition|configuration)|unknown variable|unsupported operator/i,
      /no value for required variable|unable to find remote state/i,
      /resource (?:precondition|postcondition) failed|check block assertion failed/i,
    ],
  },
  {
    code: "program-error",
    class: "code",
    source: "user",
    next: "Run the app's command from cdktf.json on your machine, correct it, then push.",
    signs: [
      /SyntaxError|TypeError|ReferenceError|ERR_MODULE_NOT_FOUND|cannot find (?:module|package)|error TS\d+/i,
    ],
  },
];
