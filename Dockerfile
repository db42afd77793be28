# The approval server as a container: docs/operations.md says what is different in one. Settings come from outside (env_file in
# compose.yaml); no secret is in the image.

FROM node:24-slim AS build
# For better-sqlite3, where no prebuilt binary fits.
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund \
  && npm rebuild better-sqlite3
COPY . .
# ngrok is for those who want it, so that it is no dependency; here it is in, because nothing can be installed later.
RUN npm run build \
  && cp -r node_modules/@ngrok /tmp/ngrok \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && mkdir -p node_modules/@ngrok \
  && cp -r /tmp/ngrok/. node_modules/@ngrok/ \
  && rm -rf src scripts tsconfig*.json dist/.tsbuildinfo

FROM node:24-slim
# Others reach a published port only where the server listens on all of the container's addresses; it then insists on
# APPROVAL_TOKEN. The webhook's port stays on the container's own 127.0.0.1.
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  APPROVAL_HOME=/data \
  LOG_FORMAT=json
WORKDIR /app
COPY --from=build /build ./
RUN mkdir -m 700 /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8000
# 401 is an answer too: the token may be in /data/.env, where this check does not look.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "const { SERVER_PORT: port = 8000, APPROVAL_TOKEN: token } = process.env; fetch(`http://127.0.0.1:${port}/health`, { headers: token ? { authorization: `Bearer ${token}` } : {} }).then(({ ok, status }) => process.exit(ok || status === 401 ? 0 : 1), () => process.exit(1))"]
# As process 1 it gets the signal of `docker stop` itself: it denies what waits, and ends within 5 s.
ENTRYPOINT ["node", "/app/bin/approval-server.js"]
CMD ["start"]
