import http from 'node:http';
import { z } from 'zod';
import { systemClock } from '../app/platform/clock.ts';
import { createDatabase } from '../app/platform/database.ts';
import { EVERYTHING, pageApiOf, synchronizeSpaces } from '../scripts/page-api.ts';
import { signWithSecret } from '../simulator/connect/sign.ts';
import { startSimulator } from '../simulator/start-simulator.ts';
import { percentiles } from './percentiles.ts';
import type { Measure, Scenario } from './scenario.ts';
import { startDurablePostgres, startTandem } from './stand.ts';

const AT_ONCE = 10_000;
/** Open at the same time in the burst; a real site keeps fewer. */
const BURST_SOCKETS = 1_000;
const STEADY_SOCKETS = 64;
const ITEMS = 500;

interface Answer {
  readonly status: number;
  readonly ms: number;
}

interface Sender {
  send(body: string, deliveryId: string, agent: http.Agent): Promise<Answer>;
}

/** Signed as the simulated site would; the token is made once, so that signing does not cost the receiver's cores. */
function createSender(url: string, token: string): Sender {
  const target = new URL(`${url}/webhooks/jira`);
  return {
    send: (body, deliveryId, agent) =>
      new Promise((resolve) => {
        const began = performance.now();
        const finish = (status: number): void => resolve({ status, ms: performance.now() - began });
        const headers = {
          authorization: `JWT ${token}`,
          'content-type': 'application/json; charset=UTF-8',
          'content-length': Buffer.byteLength(body),
          'x-atlassian-webhook-identifier': deliveryId,
        };
        const request = http.request(target, { method: 'POST', agent, headers }, (response) => {
          response.resume().once('end', () => finish(response.statusCode ?? 0));
        });
        request.once('error', () => finish(0));
        request.end(body);
      }),
  };
}

interface Receiver {
  readonly sender: Sender;
  readonly bodies: readonly string[];
  /** Deliveries in the inbox. */
  countStored(): Promise<number>;
  close(): Promise<void>;
}

const bodiesOf = (projectId: string, timestamp: number): readonly string[] =>
  Array.from({ length: ITEMS }, (_, n) =>
    JSON.stringify({
      timestamp,
      webhookEvent: 'jira:issue_updated',
      issue_event_type_name: 'issue_updated',
      issue: {
        id: String(20_000 + n),
        key: `SUP-${1000 + n}`,
        fields: { summary: 'x'.repeat(60), description: 'y'.repeat(2_000), project: { id: projectId, key: 'SUP' } },
      },
      changelog: {
        id: String(n),
        items: [{ field: 'summary', fieldtype: 'jira', fieldId: 'summary', fromString: 'a', toString: 'b' }],
      },
    }),
  );

const stored = z.object({ stored: z.coerce.number() });

/** The web role alone, with one running synchronization; the webhooks are about items of its space. */
async function startReceiver(): Promise<Receiver> {
  const postgres = await startDurablePostgres();
  const world = await startSimulator();
  const { url, part } = await startTandem({ databaseUrl: postgres.url, keyServer: world.keyServerUrl, role: 'web' });
  const { acme, globex } = world.sites;
  for (const site of [acme, globex]) {
    const installed = await site.connect.install(`${url}/atlassian-connect.json`);
    if (!installed.ok) throw new Error(installed.detail);
  }
  const partner = { kind: 'other-site' as const, siteUrl: globex.url, projectKey: 'ENG' };
  const request = { partner, name: 'Ingest', description: '', content: EVERYTHING };
  await synchronizeSpaces(pageApiOf(acme, 'SUP', url), pageApiOf(globex, 'ENG', url), request, 'leave');
  const [installation] = acme.connect.installations.values();
  const space = [...acme.heart.projects.values()].find(({ key }) => key === 'SUP');
  if (installation === undefined || space === undefined) throw new Error('Not installed, or no space.');
  const { clientKey, descriptor, sharedSecret } = installation;
  const now = acme.heart.clock.now();
  const target = { clientKey, method: 'POST', url: `${url}/webhooks/jira`, baseUrl: descriptor.baseUrl, now };
  const database = createDatabase({ url: postgres.url, poolSize: 1, clock: systemClock });
  return {
    sender: createSender(url, signWithSecret(target, sharedSecret)),
    bodies: bodiesOf(space.id, now),
    countStored: async () => (await database.rows('SELECT count(*) AS stored FROM inbox', [], stored))[0]?.stored ?? 0,
    async close() {
      await database.close();
      await part.stop();
      await world.close();
      await postgres.stop();
    },
  };
}

/** Sends, and holds what was answered against what is stored: the rate is that of the rows. */
async function measureLoad({ countStored }: Receiver, sockets: number, send: (agent: http.Agent) => Promise<readonly Answer[]>) {
  const before = await countStored();
  const agent = new http.Agent({ keepAlive: true, maxSockets: sockets });
  const began = performance.now();
  const answers = await send(agent);
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  const rows = (await countStored()) - before;
  const answered = answers.filter(({ status }) => status === 200);
  if (answered.length !== rows) throw new Error(`${answered.length} webhooks were answered, but ${rows} are stored.`);
  return { rate: rows / seconds, refused: answers.length - rows, p99: percentiles(answered.map(({ ms }) => ms)).p99 };
}

/** @param name of the deliveries: one that is repeated is answered and not stored again */
const steady = (receiver: Receiver, name: string, seconds: number) =>
  measureLoad(receiver, STEADY_SOCKETS, async (agent) => {
    const { sender, bodies } = receiver;
    const end = performance.now() + seconds * 1000;
    const answers: Answer[] = [];
    let sent = 0;
    const line = async (): Promise<void> => {
      while (performance.now() < end) {
        sent += 1;
        answers.push(await sender.send(bodies[sent % bodies.length] ?? '', `${name}-${sent}`, agent));
      }
    };
    await Promise.all(Array.from({ length: STEADY_SOCKETS }, line));
    return answers;
  });

const burst = (receiver: Receiver) =>
  measureLoad(receiver, BURST_SOCKETS, (agent) => {
    const { sender, bodies } = receiver;
    return Promise.all(
      Array.from({ length: AT_ONCE }, (_, n) => sender.send(bodies[n % bodies.length] ?? '', `burst-${n}`, agent)),
    );
  });

/** Signed webhooks stored durably (Postgres with fsync) before they are answered. */
export const ingest: Scenario = {
  name: 'ingest',
  async measure(run): Promise<readonly Measure[]> {
    const receiver = await startReceiver();
    try {
      await steady(receiver, 'warm-up', 1);
      const measured = await steady(receiver, 'steady', run.seconds);
      const atOnce = await burst(receiver);
      return [
        {
          name: `webhooks stored/s, ${STEADY_SOCKETS} connections`,
          value: measured.rate,
          unit: '1/s',
          target: { atLeast: 1500 },
        },
        { name: 'webhook answered: p99', value: measured.p99, unit: 'ms', target: { atMost: 100 } },
        {
          name: `${AT_ONCE} webhooks at once: refused`,
          value: measured.refused + atOnce.refused,
          unit: '',
          target: { atMost: 0 },
        },
        { name: `${AT_ONCE} webhooks at once: stored/s`, value: atOnce.rate, unit: '1/s', target: null },
      ];
    } finally {
      await receiver.close();
    }
  },
};
