# Build: everything, and the embedded page into public/ui.
FROM node:24-bookworm-slim AS build
WORKDIR /tandem
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts
COPY . .
RUN npm run build:ui

# Packages that the server needs when it runs. The embedded Postgres is for trying and development only.
FROM node:24-bookworm-slim AS packages
WORKDIR /tandem
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
ENV NODE_ENV=production PORT=3000
WORKDIR /tandem
COPY --from=packages /tandem/node_modules node_modules
COPY package.json config.json atlassian-connect.json ./
COPY app app
COPY migrations migrations
COPY scripts scripts
COPY views views
COPY public public
COPY --from=build /tandem/public/ui public/ui
USER node
EXPOSE 3000
# A worker has no door: it counts as healthy while it runs.
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
  CMD ["node", "-e", "if (process.env.ROLE === 'worker') process.exit(0); fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# A process lives on 100 MB of heap. Without a bound Node lets garbage pile up to as much again before it looks (docs/bench).
CMD ["node", "--max-old-space-size=256", "--max-semi-space-size=16", "--disable-warning=ExperimentalWarning", "scripts/start.ts"]
