// The shop: GET / says what runs, GET /healthz whether it is well, POST /shutdown (with the token) ends it.
import { randomUUID, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { SERVICE_ENVIRONMENT, SERVICE_VERSION, SERVICE_HEALTHY, SERVICE_HOST, SERVICE_PORT, SERVICE_TOKEN } =
  process.env;

// Tells one start of the same release from another.
const instance = randomUUID();

const routes = {
  "GET /": (response) =>
    answer(response, 200, { version: SERVICE_VERSION, environment: SERVICE_ENVIRONMENT, instance }),
  "GET /healthz": (response) =>
    SERVICE_HEALTHY === "true"
      ? answer(response, 200, { status: "ok" })
      : answer(response, 500, { status: "failing", reason: `release ${SERVICE_VERSION} is broken` }),
  "POST /shutdown": (response, request) => {
    if (!knowsToken(request)) return answer(response, 403, { error: "wrong token" });
    response.once("close", stop);
    answer(response, 202, { status: "stopping" });
  },
};

const server = createServer((request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  if (route === undefined) answer(response, 404, { error: "not found" });
  else route(response, request);
});

function answer(response, status, body) {
  response.writeHead(status, { "content-type": "application/json", connection: "close" });
  response.end(`${JSON.stringify(body)}\n`);
}

function knowsToken(request) {
  const given = Buffer.from(request.headers["x-shutdown-token"] ?? "");
  const expected = Buffer.from(SERVICE_TOKEN);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function stop() {
  server.close();
  server.closeAllConnections();
}

// Whoever starts us hears of success or failure, and only then lets go.
function report(message) {
  process.send?.(message, () => process.disconnect?.());
}

server.once("error", (error) => report({ failure: error.message }));
server.listen(Number(SERVICE_PORT), SERVICE_HOST, () => report({ listening: true }));
