import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Express, Router } from 'express';
import request from 'supertest';
import { createMemoryApiTokens } from '../../../test/fakes/memory-api-tokens.ts';
import { createMemoryAudit, type MemoryAudit } from '../../../test/fakes/memory-audit.ts';
import { createMemoryLicences, type MemoryLicences } from '../../../test/fakes/memory-licences.ts';
import { createReadableGuard, serveApi } from '../../../test/fakes/readable-api.ts';
import { createSetUpWorld, type SetUpWorld } from '../../../test/fakes/set-up-world.ts';
import { type LicenceFile, licenceStanding } from '../../contract/licence.ts';
import { apiError } from '../../contract/synchronizations.ts';
import type { SynchronizationId } from '../../core/ids.ts';
import { signedTextOf } from '../../core/licence.ts';
import { createEd25519Check, makeEd25519Pair, signEd25519 } from '../../platform/ed25519.ts';
import { makeRandomSecret } from '../../platform/make-secret.ts';
import type { KeepLicencePorts } from '../../sync/keep-licence.ts';
import { makeApiToken } from '../../sync/manage-api-tokens.ts';
import { licenceGet, licencePut } from './api-v1-licence.ts';

const issuer = makeEd25519Pair();
const ANN = 'JWT acme SUP ann';

const build = (overrides: Partial<LicenceFile['licence']> = {}, pair = issuer): LicenceFile => {
  const licence: LicenceFile['licence'] = {
    product: 'tandem-remote',
    id: 'L-1',
    holder: 'Acme Ltd',
    site: 'https://acme.atlassian.net',
    tenant: null,
    issued: '2026-01-01',
    expires: '2999-12-31',
    endpoints: 3,
    ...overrides,
  };
  return { licence, signature: signEd25519(pair, signedTextOf(licence)) };
};

let world: SetUpWorld;
let licences: MemoryLicences;
let audit: MemoryAudit;
let tokens: ReturnType<typeof createMemoryApiTokens>;

const serve = (issuerKey: string | null): Express => {
  const { directory, clock } = world.ports;
  const checkSignature = issuerKey === null ? null : createEd25519Check(issuerKey);
  const licence: KeepLicencePorts = { licences, checkSignature, directory, clock, audit };
  const guard = createReadableGuard(world, { tokens, audit });
  const router = Router();
  router.get('/licence', guard.ofSite('read', licenceGet({ licence })));
  router.put('/licence', guard.ofSite('connections', licencePut({ licence })));
  return serveApi(world, router);
};

let app: Express;
beforeEach(() => {
  world = createSetUpWorld();
  world.acme.admins.add('ann');
  licences = createMemoryLicences();
  audit = createMemoryAudit();
  tokens = createMemoryApiTokens();
  app = serve(issuer.publicKey);
});

const put = (file: unknown, who = ANN) =>
  request(app)
    .put('/api/v1/licence')
    .set('Authorization', who)
    .send(file as object);
const show = async (who = ANN) =>
  licenceStanding.parse((await request(app).get('/api/v1/licence').set('Authorization', who).expect(200)).body);
const codeOf = ({ body }: { body: unknown }): string => apiError.parse(body).error.code;

const tokenOf = async (...scopes: ('read' | 'configure' | 'connections')[]): Promise<string> => {
  const { ports } = world;
  const administration = { tokens, audit, clock: ports.clock, makeId: ports.makeId, makeSecret: makeRandomSecret };
  const wish = { name: 'script', scopes, expiresInDays: 1 };
  const made = await makeApiToken(administration, world.acme.address.siteTenantId, { kind: 'operator' }, wish);
  return made.ok ? `Bearer ${made.value.text}` : '';
};

describe('/api/v1/licence', () => {
  it('takes the file of the issuer, and shows it with what is taken', async () => {
    expect(await show()).toEqual({ state: 'missing', licence: null, taken: [] });
    const file = build();
    expect((await put(file).expect(200)).body).toEqual({ state: 'valid', licence: file.licence, taken: [] });
    licences.reaches.set('one' as SynchronizationId, ['https://jira.example.com']);
    licences.running.add('one' as SynchronizationId);
    expect(await show()).toEqual({
      state: 'valid',
      licence: file.licence,
      taken: [{ siteUrl: 'https://jira.example.com', synchronizations: 1 }],
    });
    expect(audit.lines).toMatchObject([{ action: 'licence.kept', outcome: 'done', actor: { kind: 'person', accountId: 'ann' } }]);
  });

  it.each<[string, unknown, number, string]>([
    ['changed afterwards', { ...build(), licence: { ...build().licence, endpoints: 300 } }, 422, 'licence-unsigned'],
    ['signed by somebody else', build({}, makeEd25519Pair()), 422, 'licence-unsigned'],
    ['of another site', build({ site: 'https://globex.atlassian.net' }), 422, 'licence-of-other'],
    ['that has expired', build({ expires: '2020-01-01' }), 422, 'licence-expired'],
    ['with a key that is not known', { ...build(), more: true }, 400, 'body-invalid'],
    ['without an end', { ...build(), licence: { ...build().licence, expires: 'never' } }, 400, 'body-invalid'],
    ['without endpoints', build({ endpoints: 0 }), 400, 'body-invalid'],
  ])('refuses one %s', async (_what, file, status, code) => {
    expect(codeOf(await put(file).expect(status))).toBe(code);
    expect(licences.kept.size).toBe(0);
  });

  it('is for admins of the site, and for tokens that may make connections', async () => {
    const file = build();
    expect(codeOf(await put(file, 'JWT globex ENG ben').expect(403))).toBe('not-site-admin');
    expect(codeOf(await put(file, await tokenOf('read', 'configure')).expect(403))).toBe('scope-missing');
    await put(file, await tokenOf('connections')).expect(200);
    expect((await show(await tokenOf('read'))).state).toBe('valid');
  });

  it('has nothing to take where nobody needs a licence', async () => {
    app = serve(null);
    expect(await show()).toEqual({ state: 'not-needed', licence: null, taken: [] });
    expect(codeOf(await put(build()).expect(409))).toBe('licence-not-needed');
  });
});
