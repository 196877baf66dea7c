import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { API_TOKEN_ATTACKS } from './attacks/api-tokens.ts';
import { type Attack, type AttackWorld, createAttackWorld } from './attacks/attack-world.ts';
import { BODY_ATTACKS } from './attacks/bodies.ts';
import { HOP_ATTACKS } from './attacks/hops.ts';
import { TOKEN_ATTACKS } from './attacks/tokens.ts';
import { GOOD_DELIVERIES, WEBHOOK_ATTACKS } from './attacks/webhooks.ts';

/*
 * Attacks on sites and connections, over HTTP against the running app: each is answered with its status and stable code, stands in the audit
 * log of whom it was against (or, where no tenant is known, in the log of the process), and changes nothing.
 */
const LIMIT_MS = 60_000;

let attacks: AttackWorld;
beforeAll(async () => {
  attacks = await createAttackWorld();
}, LIMIT_MS);
afterAll(() => attacks.close());

async function expectRepelled({ answer, noted, touches = '', prepare, carryOut }: Attack): Promise<void> {
  const prepared = (await prepare?.(attacks)) ?? '';
  await attacks.takeAudit();
  attacks.takeLog();
  const before = await attacks.readState(touches);
  const answered = await carryOut(attacks, prepared);
  const audit = await attacks.takeAudit();
  const log = attacks.takeLog().join('');
  const [, code = ''] = answer.split(' ');
  const seen = audit.length > 0 ? audit.join(', ') : log.includes(`"code":"${code}"`) ? 'log' : 'nothing';
  expect([`${answered.status} ${answered.code}`, seen]).toEqual([answer, noted]);
  expect(await attacks.readState(touches)).toEqual(before);
}

const TABLES: Readonly<Record<string, readonly Attack[]>> = {
  'tokens of Jira': TOKEN_ATTACKS,
  'API tokens': API_TOKEN_ATTACKS,
  'forged webhooks': WEBHOOK_ATTACKS,
  'the hops of a consent': HOP_ATTACKS,
  bodies: BODY_ATTACKS,
};

describe.each(Object.entries(TABLES))('%s', (_name, table) => {
  it.each(table.map((attack) => [attack.title, attack] as const))('%s', (_title, attack) => expectRepelled(attack));
});

describe('what is as it should be gets through', () => {
  it.each(GOOD_DELIVERIES)('%s', async (_title, deliver) => {
    const answered = await deliver(attacks);
    expect([answered.status, answered.code]).toEqual([200, 'unconcerned']);
  });
});
