import http from 'node:http';
import { EVERYTHING, pageApiOf, synchronizeSpaces } from '../scripts/page-api.ts';
import { signWithSecret } from '../simulator/connect/sign.ts';
import { startSimulator } from '../simulator/start-simulator.ts';
import { percentiles } from './load.ts';
import type { Measure, Scenario } from './scenario.ts';
import { startDurablePostgres, startTandem } from './stand.ts';

const AT_ONCE = 10_000;
/** Open at the same time in the burst; a real site keeps fewer. */
const BURST_SOCKETS = 1_000;
const STEADY_SOCKETS = 64;
const ITEMS = 500;

interface Sender {
  send(body: string, deliveryId: string, agent: http.Agent): Promise<{ status: number; ms: number }>;
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
  close(): Promise<void>;
}

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
  if (installation === undefined) throw new Error('Not installed.');
  const { clientKey, descriptor, sharedSecret } = installation;
  const target = {
    clientKey,
    method: 'POST',
    url: `${url}/webhooks/jira`,
    baseUrl: descriptor.baseUrl,
    now: acme.heart.clock.now(),
  };
  const space = [...acme.heart.projects.values()].find(({ key }) => key === 'SUP');
  const bodies = Array.from({ length: ITEMS }, (_, n) =>
    JSON.stringify({
      timestamp: target.now,
      webhookEvent: 'jira:issue_updated',
      issue_event_type_name: 'issue_updated',
      issue: {
        id: String(20_000 + n),
        key: `SUP-${1000 + n}`,
        fields: { summary: 'x'.repeat(60), description: 'y'.repeat(2_000), project: { id: space?.id, key: 'SUP' } },
      },
      changelog: {
        id: String(n),
        items: [{ field: 'summary', fieldtype: 'jira', fieldId: 'summary', fromString: 'a', toString: 'b' }],
      },
    }),
  );
  return {
    sender: createSender(url, signWithSecret(target, sharedSecret)),
    bodies,
    async close() {
      await part.stop();
      await world.close();
      await postgres.stop();
    },
  };
}

async function steady({ sender, bodies }: Receiver, seconds: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: STEADY_SOCKETS });
  const times: number[] = [];
  let sent = 0;
  let refused = 0;
  const began = performance.now();
  const end = began + seconds * 1000;
  const line = async (): Promise<void> => {
    while (performance.now() < end) {
      sent += 1;
      const { status, ms } = await sender.send(bodies[sent % bodies.length] ?? '', `steady-${sent}`, agent);
      if (status === 200) times.push(ms);
      else refused += 1;
    }
  };
  await Promise.all(Array.from({ length: STEADY_SOCKETS }, line));
  const rate = times.length / ((performance.now() - began) / 1000);
  agent.destroy();
  return { rate, refused, ...percentiles(times) };
}

async function burst({ sender, bodies }: Receiver) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: BURST_SOCKETS });
  const began = performance.now();
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, n) => sender.send(bodies[n % bodies.length] ?? '', `burst-${n}`, agent)),
  );
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return { seconds, refused: answers.filter(({ status }) => status !== 200).length };
}

/** Signed webhooks stored durably (Postgres with fsync) before they are answered. */
export const ingest: Scenario = {
  name: 'ingest',
  async measure(run): Promise<readonly Measure[]> {
    const receiver = await startReceiver();
    try {
      await steady(receiver, 1);
      const measured = await steady(receiver, run.seconds);
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
        { name: `${AT_ONCE} webhooks at once: stored/s`, value: AT_ONCE / atOnce.seconds, unit: '1/s', target: null },
      ];
    } finally {
      await receiver.close();
    }
  },
};
