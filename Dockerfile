# The simulator with its own host, on port 8000, or on the one that PORT names. Nothing but Node and one bundle is in the image.

FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/package.mjs command /app

FROM node:24.21.0-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
ENV NODE_ENV=production
COPY --from=build /app /app
# Recordings, when no container is named for them: mount a volume here to keep them.
RUN mkdir /data /compiled && chown node:node /data /compiled
WORKDIR /data
USER node
# What Node compiles of the app is kept in the image: the same Node, flags and paths find it again.
ENV NODE_COMPILE_CACHE=/compiled
RUN SIMULATOR_API_KEY=none node --max-semi-space-size=16 /app/index.mjs check
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8000) + '/').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The bound of the young heap that `npm start` sets: with Node's own, thousands of streams at once take twice the memory.
ENTRYPOINT ["node", "--max-semi-space-size=16", "/app/index.mjs"]
CMD ["start", "--host", "0.0.0.0"]
