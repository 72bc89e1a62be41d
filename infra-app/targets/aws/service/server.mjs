// The shop: GET / says what runs, GET /healthz whether it reaches its database.
import { createServer } from "node:http";
import { connect } from "node:net";

const { SERVICE_ENVIRONMENT, SERVICE_IMAGE, SERVICE_PORT, DATABASE_HOST, DATABASE_PORT } = process.env;

const routes = {
  "GET /": async (response) =>
    answer(response, 200, { environment: SERVICE_ENVIRONMENT, image: SERVICE_IMAGE }),
  "GET /healthz": async (response) =>
    (await reachesDatabase())
      ? answer(response, 200, { status: "ok" })
      : answer(response, 503, { status: "failing", reason: "the database does not answer" }),
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  if (route === undefined) answer(response, 404, { error: "not found" });
  else await route(response);
});

function answer(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}

function reachesDatabase() {
  return new Promise((resolve) => {
    const socket = connect({ host: DATABASE_HOST, port: Number(DATABASE_PORT), timeout: 2_000 });
    const end = (reached) => {
      socket.destroy();
      resolve(reached);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

// ECS asks first, and kills half a minute later.
process.once("SIGTERM", () => server.close());
server.listen(Number(SERVICE_PORT));
