import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { ClientRequest, createServer, type IncomingMessage, request, type Server } from 'node:http';
import { z } from 'zod';
import type { RunnableConfig } from '../app/compose-parts.ts';
import { SEALED_COLUMNS } from '../app/connections/sealed-columns.ts';
import { createSecretBox } from '../app/connections/secret-box.ts';
import type { TenantId } from '../app/core/ids.ts';
import { id } from '../app/platform/columns.ts';
import type { TestDatabase } from './database.ts';
import type { Canary } from './find-leaks.ts';

/** One answer of the app to whoever called it. */
export interface SeenAnswer {
  readonly call: string;
  readonly text: string;
}

/** A door before the app that writes down what goes out by it. */
export interface Door {
  readonly url: string;
  readonly answers: SeenAnswer[];
  close(): Promise<void>;
}

/** By this name the door calls the app; the sites of the simulated world are called `localhost`. */
const APP_HOST = '127.0.0.1';

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The door has no port.');
  return address.port;
}

/** @param appPort where the app behind it listens */
export async function openDoor(appPort: number): Promise<Door> {
  const answers: SeenAnswer[] = [];
  const server = createServer((incoming, outgoing) => {
    const onward = request({
      host: APP_HOST,
      port: appPort,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    });
    onward.on('error', () => outgoing.destroy());
    onward.on('response', (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const head = `${answer.statusCode} ${answer.rawHeaders.join(' ')}`;
        answers.push({ call: `${incoming.method} ${incoming.url}`, text: `${head}\n${Buffer.concat(chunks).toString()}` });
      });
      outgoing.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  const port = await portOf(server);
  return {
    url: `http://localhost:${port}`,
    answers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Addresses that this process calls by Node's own client, which the app uses, from now on until `stop`. Not those at the door: there
 * the simulated sites call the app, at addresses that only they may know.
 */
export function watchCalls({ url: doorUrl }: Pick<Door, 'url'>): { readonly urls: string[]; stop(): void } {
  const urls: string[] = [];
  const started = z.object({ request: z.instanceof(ClientRequest) });
  const see = (message: unknown): void => {
    const call = started.parse(message).request;
    const isToApp = call.host === APP_HOST || call.getHeader('host') === new URL(doorUrl).host;
    if (!isToApp) urls.push(`${call.method} ${call.host}${call.path}`);
  };
  const requests = channel('http.client.request.start');
  requests.subscribe(see);
  return { urls, stop: () => void requests.unsubscribe(see) };
}

const tableRow = z.object({ name: z.string() });
const lineRow = z.object({ line: z.string() });

/** Every row of every table as text. */
export async function dump(database: TestDatabase): Promise<Map<string, string[]>> {
  const tables = await database.rows(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    [],
    tableRow,
  );
  const dumped = new Map<string, string[]>();
  for (const { name } of tables) {
    const rows = await database.rows(`SELECT to_jsonb(t)::text AS line FROM "${name}" t ORDER BY 1`, [], lineRow);
    dumped.set(
      name,
      rows.map(({ line }) => line),
    );
  }
  return dumped;
}

const sealedRow = z.object({ tenant_id: id<TenantId>(), sealed: z.string() });

/** Fields of opened texts that are secrets or belong to a person; kinds and times are none. */
const SECRET_FIELD = /secret|token|password|key|verifier|userName|email/i;
const SHORTEST_SECRET = 8;

function secretsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return SECRET_FIELD.test(name) && value.length >= SHORTEST_SECRET ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => secretsIn(part, key));
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return { secret: text };
  }
};

/** Everything secret that is sealed in the database now, opened. Values that people typed into items are left out. */
export async function openSealed(database: TestDatabase, { encryptionKeys }: RunnableConfig): Promise<Canary[]> {
  const box = createSecretBox({ current: Buffer.from(encryptionKeys.current, 'hex'), older: [] });
  const found: Canary[] = [];
  for (const { table, column } of SEALED_COLUMNS.filter((one) => one.table !== 'kept_value')) {
    const rows = await database.rows(
      `SELECT tenant_id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`,
      [],
      sealedRow,
    );
    for (const { tenant_id, sealed } of rows) {
      const opened = box.open(tenant_id, sealed);
      if (!opened.ok) throw new Error(`${table}.${column} does not open: ${opened.failure}`);
      found.push(...secretsIn(parse(opened.value)).map((text) => ({ name: `${table}.${column}`, text })));
    }
  }
  return found;
}
