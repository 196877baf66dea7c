import type { MadeToken } from '../../app/contract/administration.ts';
import type { Answered, Attack, AttackWorld } from './attack-world.ts';

/** API tokens that have ended, are of another tenant, may do less, or are shown in the wrong place. */

type Scope = 'read' | 'configure' | 'connections';
const PATH = '/api/v1/connections';

const make = ({ acme }: AttackWorld, scopes: readonly Scope[]): Promise<MadeToken> =>
  acme.page<MadeToken>('POST', '/tokens', { name: 'of a program', scopes, expiresInDays: 1 });
const show = (world: AttackWorld, token: string, path = PATH): Promise<Answered> =>
  world.send({ path, headers: { authorization: `Bearer ${token}` } });

/** One that has just been seen to be good, so that it is the change to it that is refused. */
async function good(world: AttackWorld, scopes: readonly Scope[] = ['connections']): Promise<MadeToken> {
  const made = await make(world, scopes);
  const seen = await show(world, made.secret, scopes.includes('connections') ? PATH : '/api/v1/synchronizations');
  if (seen.status !== 200) throw new Error(`A good token was answered ${seen.status} ${seen.code}.`);
  return made;
}
const textOf = async (world: AttackWorld, scopes?: readonly Scope[]): Promise<string> => (await good(world, scopes)).secret;

const tooFew = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, scopes: readonly Scope[], code: string): Attack => ({
  title: `a token for ${scopes.join(' and ')} at ${method} ${path}`,
  answer: code === 'space-needed' ? `422 ${code}` : `403 ${code}`,
  noted: `acme access.refused ${code}`,
  prepare: (world) => textOf(world, scopes),
  carryOut: (world, token) => world.send({ method, path, headers: { authorization: `Bearer ${token}` }, body: {} }),
});

const NOBODY = '00000000-0000-4000-8000-0000000000ff';

export const API_TOKEN_ATTACKS: readonly Attack[] = [
  {
    title: 'a revoked token',
    answer: '401 token-revoked',
    noted: 'acme token.refused token-revoked',
    async prepare(world) {
      const { token, secret } = await good(world);
      await world.acme.page('DELETE', `/tokens/${token.id}`);
      return secret;
    },
    carryOut: show,
  },
  {
    title: 'an expired token',
    answer: '401 token-expired',
    noted: 'acme token.refused token-expired',
    async prepare(world) {
      const { token, secret } = await good(world);
      const sql =
        "UPDATE api_token SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second' WHERE token_id = $1";
      await world.database.execute(sql, [token.id]);
      return secret;
    },
    carryOut: (world, token) => show(world, token),
  },
  {
    title: 'a token with the secret of another one',
    answer: '401 token-refused',
    noted: 'acme token.refused token-refused',
    prepare: async (world) => `${(await textOf(world)).slice(0, -43)}${(await textOf(world)).slice(-43)}`,
    carryOut: (world, token) => show(world, token),
  },
  {
    title: 'a token with another tenant written into it',
    answer: '401 token-refused',
    noted: 'log',
    prepare: async (world) =>
      (await textOf(world)).replace(world.acme.tenantId.replaceAll('-', ''), world.globex.tenantId.replaceAll('-', '')),
    carryOut: (world, token) => show(world, token),
  },
  {
    title: 'a token without its secret',
    answer: '401 token-refused',
    noted: 'log',
    prepare: async (world) => (await textOf(world)).slice(0, -44),
    carryOut: (world, token) => show(world, token),
  },
  {
    title: 'a good token in the address',
    answer: '401 jwt-missing',
    noted: 'log',
    prepare: (world) => textOf(world),
    carryOut: (world, token) => world.send({ path: `${PATH}?token=${token}&access_token=${token}&jwt=${token}` }),
  },
  {
    title: 'a good token in a cookie',
    answer: '401 jwt-missing',
    noted: 'log',
    prepare: (world) => textOf(world),
    carryOut: (world, token) => world.send({ path: PATH, headers: { cookie: `authorization=Bearer ${token}; token=${token}` } }),
  },
  {
    title: 'a good token as the secret of basic authentication',
    answer: '401 jwt-missing',
    noted: 'log',
    prepare: (world) => textOf(world),
    carryOut: (world, token) =>
      world.send({ path: PATH, headers: { authorization: `Basic ${Buffer.from(`tandem:${token}`).toString('base64')}` } }),
  },
  {
    title: 'a good token on a webhook',
    answer: '401 jwt-missing',
    noted: 'log',
    prepare: (world) => textOf(world),
    carryOut: (world, token) =>
      world.send({ method: 'POST', path: '/webhooks/jira', headers: { authorization: `Bearer ${token}` }, body: {} }),
  },
  tooFew('GET', PATH, ['read'], 'scope-missing'),
  tooFew('POST', `${PATH}/probe`, ['read', 'configure'], 'scope-missing'),
  tooFew('DELETE', `${PATH}/${NOBODY}`, ['read', 'configure'], 'scope-missing'),
  tooFew('POST', `${PATH}/${NOBODY}/authentication-links`, ['read', 'configure'], 'scope-missing'),
  tooFew('POST', `${PATH}/${NOBODY}/webhook/secrets`, ['read', 'configure'], 'scope-missing'),
  tooFew('POST', '/api/v1/set-ups', ['read', 'connections'], 'scope-missing'),
  tooFew('POST', '/api/v1/synchronizations', ['read', 'connections'], 'scope-missing'),
  tooFew('POST', '/api/v1/tokens', ['read', 'configure', 'connections'], 'people-only'),
  tooFew('GET', '/api/v1/audit', ['configure', 'connections'], 'scope-missing'),
  tooFew('POST', '/api/v1/tenant/erase', ['read', 'configure', 'connections'], 'people-only'),
];
