import { aws, type Message } from "./message.ts";

export const transient: readonly Message[] = [
  {
    from: "terraform-provider-aws",
    text: aws(
      "Elastic Load Balancing v2: DescribeListeners, exceeded maximum number of attempts, 3",
      400,
      "api error Throttling: Rate exceeded",
    ),
  },
  {
    from: "hashicorp/terraform-provider-aws#2942",
    text: "InvalidParameterValueException: Your request has been throttled by EC2, please make sure you have enough API rate limit. EC2 Error Code: RequestLimitExceeded. EC2 Error Message: Request limit exceeded.",
  },
  {
    from: "aws-sdk-go-v2",
    text: aws("S3: PutObject", 503, "api error SlowDown: Please reduce your request rate."),
  },
  {
    from: "aws-sdk-go-v2",
    text: "operation error EC2: DescribeVpcs, failed to get rate limit token, retry quota exceeded, 0 available, 5 requested",
  },
  {
    from: "hashicorp/terraform-provider-google#8360",
    text: "googleapi: Error 403: Quota exceeded for quota group 'ReadGroup' and limit 'Read requests per 100 seconds' of service 'compute.googleapis.com', rateLimitExceeded",
  },
  {
    from: "auth0/terraform-provider-auth0#273",
    text: "Error: 429 Too Many Requests: Global limit has been reached",
  },
  {
    from: "terraform 1.11, init",
    text: 'Failed to query available provider packages: could not connect to registry.terraform.io: failed to request discovery document: Get "https://registry.terraform.io/.well-known/terraform.json": dial tcp: lookup registry.terraform.io on 10.0.0.2:53: no such host',
  },
  {
    from: "terraform 1.11, init",
    text: "Failed to install provider: Error while installing hashicorp/aws v5.99.0: could not query provider registry: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)",
  },
  {
    from: "terraform 1.11, go net",
    text: 'Post "https://sts.amazonaws.com/": read tcp 10.0.0.4:51330->52.1.2.3:443: read: connection reset by peer',
  },
  { from: "terraform 1.11, go net", text: 'Get "https://10.0.0.9/": net/http: TLS handshake timeout' },
  {
    from: "terraform 1.11, local-exec",
    text: "local-exec provisioner error: Error running command './migrate': exit status 1. Output: connect ECONNREFUSED 127.0.0.1:5432",
  },
  {
    from: "git 2.39",
    text: "fatal: unable to access 'https://github.com/acme/shop/': Could not resolve host: github.com",
  },
  {
    from: "git 2.39",
    text: "error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502\nfatal: the remote end hung up unexpectedly",
  },
  { from: "git 2.39", text: "fatal: early EOF\nfatal: index-pack failed" },
  {
    from: "npm 10",
    text: "npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\nnpm error request to https://registry.npmjs.org/yaml failed, reason: getaddrinfo EAI_AGAIN registry.npmjs.org",
  },
  { from: "npm 10", text: "npm error code ERR_SOCKET_TIMEOUT\nnpm error network Socket timeout" },
  {
    from: "npm 10",
    text: "npm error code E503\nnpm error 503 Service Unavailable - GET https://registry.npmjs.org/yaml",
  },
  {
    from: "npm 9",
    text: "npm ERR! code E429\nnpm ERR! 429 Too Many Requests - GET https://registry.npmjs.org/yaml",
  },
  {
    from: "GitHub REST",
    text: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
  },
  { from: "GitHub REST", text: "API rate limit exceeded for installation ID 1234." },
];
