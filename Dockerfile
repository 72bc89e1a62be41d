# One image for web and worker; docker-compose.yml says which of them a container runs.
FROM node:24-bookworm-slim

RUN apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap ca-certificates git openssh-client \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /srv/waymark
ENV NODE_ENV=production

# What is downloaded depends on these files only, so that a change of the source keeps the layer.
COPY package.json package-lock.json .npmrc ./
COPY infra-core/package.json infra-core/package-lock.json infra-core/
COPY scripts scripts
# Terraform comes by set-up, which checks its SHA-256. Redis runs elsewhere: set-up must not install one.
RUN WAYMARK_REDIS_URL=redis://redis:6379 node scripts/setup.mjs && npm cache clean --force

COPY . .
RUN node scripts/build.mjs

# Two directories, so that two volumes can be mounted: the web process sees the registry, but no state.
RUN install -d -o node -g node -m 0700 /var/lib/waymark /var/lib/waymark/core
ENV WAYMARK_HOME=/var/lib/waymark \
    WAYMARK_TERRAFORM=/srv/waymark/.waymark/tools/terraform

# The source stays root's: the processes can't change what they run.
USER node
# As the npm scripts do: small young generations and one helper thread take a fifth less memory, and cost no speed.
CMD ["node", "--max-semi-space-size=1", "--v8-pool-size=1", "--enable-source-maps", ".waymark/build/worker.mjs"]
