import { expect, it } from '@jest/globals';
import pg from 'pg';
import { isTransientError } from './transient-error.ts';

const coded = (code: string): Error => Object.assign(new Error('as Postgres says it'), { code });

it.each<[string, unknown, boolean]>([
  ['a deadlock', coded('40P01'), true],
  ['a server that shuts down', coded('57P01'), true],
  ['a lost connection', coded('08006'), true],
  ['a lost connection, as the network says it', coded('ECONNRESET'), true],
  ['a deadlock, as Sequelize wraps it', Object.assign(new Error('wrapped'), { original: coded('40P01') }), true],
  ['an idle connection that was cut', new Error('Client has encountered a connection error and is not queryable'), true],
  ['a broken rule of the schema', coded('23505'), false],
  ['a mistake in the SQL', coded('42601'), false],
  ['a bug of ours', new TypeError('undefined is not a function'), false],
  ['something thrown that is no error', '40P01', false],
])('%s: passes by itself or not', (_what, error, passes) => {
  expect(isTransientError(error)).toBe(passes);
});

it('a connection of the driver that ended before the statement came passes: nothing was sent', async () => {
  const client = new pg.Client({ host: '127.0.0.1', port: 1 });
  await client.connect().catch(() => undefined);
  await client.end();
  const refused: unknown = await client.query('SELECT 1').catch((error: unknown) => error);
  expect(String(refused)).toMatch(/is not queryable$/);
  expect(isTransientError(refused)).toBe(true);
});
