import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Config } from '../../app/config/read-config.ts';
import { run } from '../../app/main.ts';
import { startEmbeddedPostgres } from '../../app/platform/embedded-postgres.ts';
import { createLogger } from '../../app/platform/logger.ts';
import { startSimulator } from '../../simulator/start-simulator.ts';

export interface ThrowAwayWorld {
  /** Addresses of the simulated sites, both with the app installed. */
  readonly sites: { readonly source: string; readonly partner: string };
  stop(): Promise<void>;
}

/** Postgres, two simulated sites and the app, on free ports and in a folder that goes with them. */
export async function startThrowAwayWorld(config: Config): Promise<ThrowAwayWorld> {
  const parts: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.splice(0).reverse()) await part.stop();
  };
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'tandem-replay-'));
    parts.push({
      async stop() {
        rmSync(folder, { recursive: true, force: true });
      },
    });
    const postgres = await startEmbeddedPostgres({ folder, lifetime: 'temporary' });
    parts.push(postgres);
    const world = await startSimulator();
    parts.push({ stop: () => world.close() });
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const running = await run(
      {
        ...config,
        role: 'all',
        port,
        publicUrl: url,
        databaseUrl: postgres.url,
        encryptionKeys: { current: randomBytes(32).toString('hex'), older: [] },
        installKeyServers: [world.keyServerUrl],
        allowedSiteHosts: ['localhost'],
      },
      createLogger('error'),
    );
    parts.push(running);
    const { acme, globex } = world.sites;
    for (const site of [acme, globex]) {
      const installed = await site.connect.install(`${url}/atlassian-connect.json`);
      if (!installed.ok) throw new Error(`Tandem could not be installed on ${site.url}: ${installed.detail}`);
    }
    return { sites: { source: acme.url, partner: globex.url }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
