import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import request, { type Response } from 'supertest';
import { type ConnectionWorld, createConnectionWorld, OTHER, SYNC } from '../../test/fakes/connection-world.ts';
import type { TenantId } from '../core/ids.ts';
import { createLogger } from '../platform/logger.ts';
import { makeAuthenticationLink } from '../sync/authenticate-connection.ts';
import type { LinkFor } from '../sync/authentication-link-ports.ts';
import type { RemoteConnection, SyncUser } from '../sync/connection-ports.ts';
import { makeConnection } from '../sync/make-connection.ts';
import { createPageCookies } from './cookies.ts';
import { createErrorHandler, refuseUnknownRoute } from './errors.ts';
import { createAuthenticatePages } from './routes/authenticate-pages.ts';
import { mountViews } from './views.ts';

const DC = 'https://jira.initech.example/jira';
const CLIENT = { name: 'Tandem', clientId: 'client-1', clientSecret: 'client secret', scope: 'ADMIN' } as const;

let world: ConnectionWorld;
let app: Express;
let walls: TenantId[];
let connection: RemoteConnection;

function createPages(publicUrl: string): Express {
  const pages = express();
  pages.set('query parser', 'simple');
  mountViews(pages, fileURLToPath(new URL('../../views', import.meta.url)));
  pages.use(
    createAuthenticatePages({
      ...world.ports,
      cookies: createPageCookies(publicUrl),
      behindWall: (tenantId, work) => {
        walls.push(tenantId);
        return work();
      },
    }),
  );
  const write = (line: string): never => {
    throw new Error(line);
  };
  pages.use(refuseUnknownRoute, createErrorHandler(createLogger('error', { write })));
  return pages;
}

beforeEach(async () => {
  world = createConnectionWorld();
  walls = [];
  app = createPages('https://tandem.example');
  const wanted = { kind: 'oauth2-data-center', siteUrl: DC, link: { new: CLIENT } } as const;
  const made = await makeConnection(world.ports, world.ann, wanted);
  if (!made.ok) throw new Error(made.failure.code);
  connection = made.value;
});

/** The path of a new one-time link. */
async function link(madeFor: LinkFor = 'somebody'): Promise<string> {
  const made = await makeAuthenticationLink(world.ports, world.ann, connection.connectionId, madeFor);
  if (!made.ok) throw new Error(made.failure.code);
  return new URL(made.value.url).pathname;
}

/** A browser: what it keeps of the cookies it is given. */
function browser() {
  const jar = new Map<string, string>();
  const keep = (response: Response): Response => {
    for (const text of response.get('Set-Cookie') ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(text) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const cookies = (): string => [...jar].map((pair) => pair.join('=')).join('; ');
  const get = async (path: string): Promise<Response> => keep(await request(app).get(path).set('Cookie', cookies()));
  const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
    keep(
      await request(app)
        .post(path)
        .set('Cookie', cookies())
        .type('form')
        .send({ ...fields }),
    );
  return { jar, get, post };
}
type Browser = ReturnType<typeof browser>;

const seenIn = (page: Response): string => /name="seen" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
const codeIn = (page: Response): string => /<code>([a-z-]+)<\/code>/.exec(page.text)?.[1] ?? '';

/** Opens the link, presses the button; where the browser is led. */
async function press(person: Browser, path: string): Promise<URL> {
  const page = await person.get(path);
  const sent = await person.post(path, { seen: seenIn(page) });
  expect(sent.status).toBe(200);
  return new URL(sent.get('Refresh')?.replace('0; url=', '') ?? '');
}

/** The site sends the browser back with that person's consent. */
function back(from: URL, user: SyncUser = SYNC): string {
  const code = `code-${world.dataCenter.codes.size}`;
  world.dataCenter.codes.set(code, user);
  return `/oauth/callback?code=${code}&state=${from.searchParams.get('state')}`;
}

describe('the page of a one-time link', () => {
  it('says who asks, for which site, and to log in as the sync user', async () => {
    const page = await browser().get(await link());
    expect(page.status).toBe(200);
    expect(page.text).toContain('Let Tandem into jira.initech.example/jira?');
    expect(page.text).toContain('Ann Arbor of acme.atlassian.net');
    expect(page.text).toContain('Log in as the sync user');
    expect(page.text).not.toContain('<script');
  });

  it('is kept nowhere, told to nobody, and shown in no frame; so is every answer', async () => {
    const person = browser();
    const path = await link();
    const pages = [
      await person.get(path),
      await person.post(path, {}),
      await person.get('/authenticate/nothing'),
      await person.get('/oauth/callback'),
    ];
    for (const page of pages) {
      expect(page.get('Cache-Control')).toBe('no-store');
      expect(page.get('Referrer-Policy')).toBe('no-referrer');
      expect(page.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
      expect(page.get('Content-Security-Policy')).toContain("form-action 'self'");
      expect(page.get('Content-Security-Policy')).not.toContain('script-src');
      expect(page.type).toBe('text/html');
    }
  });

  it('shows what stands in names as text', async () => {
    world.ports = { ...world.ports, readPersonName: async () => '<img src=x onerror=alert(1)>' };
    app = createPages('https://tandem.example');
    const page = await browser().get(await link());
    expect(page.text).toContain('&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;');
  });

  it('runs behind the wall of the tenant that the link names', async () => {
    await browser().get(await link());
    expect(walls).toEqual([connection.tenantId]);
  });

  it.each([
    ['https://tandem.example', /^__Host-tandem-seen=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/],
    ['http://localhost:3000', /^tandem-seen=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/],
  ])('binds itself to the browser: %s', async (publicUrl, expected) => {
    app = createPages(publicUrl);
    const page = await browser().get(await link());
    expect(page.get('Set-Cookie')).toEqual([expect.stringMatching(expected)]);
  });
});

describe('the button', () => {
  it('leads to the site of the connection by a page, whatever the request says', async () => {
    const path = `${await link()}?next=https://evil.example&redirect_uri=https://evil.example`;
    const person = browser();
    const seen = seenIn(await person.get(path));
    const sent = await person.post(path, { seen, url: 'https://evil.example', returnTo: 'https://evil.example' });
    expect(sent.status).toBe(200);
    expect(sent.get('Refresh')).toMatch(/^0; url=https:\/\/jira\.initech\.example\/jira\/authorize\?state=[\w-]{86}$/);
    expect(sent.get('Location')).toBeUndefined();
    expect(sent.text).not.toContain('evil.example');
  });

  it.each<[string, (path: string) => Promise<Response>]>([
    ['pressed on another site', (path) => browser().post(path, {})],
    [
      'with the form of another browser',
      async (path) => {
        const [mine, theirs] = [browser(), browser()];
        const seen = seenIn(await theirs.get(path));
        await mine.get(path);
        return mine.post(path, { seen });
      },
    ],
    [
      'with the form of another link',
      async (path) => {
        const person = browser();
        const seen = seenIn(await person.get(await link('me')));
        return person.post(path, { seen });
      },
    ],
    [
      'with two cookies of that name',
      async (path) => {
        const person = browser();
        const page = await person.get(path);
        const cookie = `__Host-tandem-seen=${person.jar.get('__Host-tandem-seen')}; __Host-tandem-seen=x`;
        return request(app)
          .post(path)
          .set('Cookie', cookie)
          .type('form')
          .send({ seen: seenIn(page) });
      },
    ],
  ])('counts for nothing %s', async (_title, pressed) => {
    const answered = await pressed(await link());
    expect([answered.status, codeIn(answered)]).toEqual([403, 'page-not-seen']);
    expect(answered.get('Refresh')).toBeUndefined();
    expect(world.audit.lines.at(-1)).toMatchObject({ outcome: 'refused', detail: 'page-not-seen' });
  });

  it('counts in every window of one browser', async () => {
    const person = browser();
    const path = await link();
    const [first, second] = [seenIn(await person.get(path)), seenIn(await person.get(path))];
    expect([(await person.post(path, { seen: first })).status, (await person.post(path, { seen: second })).status]).toEqual([
      200, 200,
    ]);
  });

  it('takes no large form', async () => {
    expect((await browser().post(await link(), { seen: 'x'.repeat(5000) })).status).toBe(413);
  });
});

describe('coming back', () => {
  it('ends well, and says as whom Tandem works', async () => {
    const person = browser();
    const done = await person.get(back(await press(person, await link())));
    expect(done.status).toBe(200);
    expect(done.text).toContain('jira.initech.example/jira is connected');
    expect(done.text).toContain('Sync User');
    expect([...person.jar.keys()]).toEqual(['__Host-tandem-seen']);
    expect(world.connections.now(connection).state).toBe('working');
  });

  it('says whose place was taken', async () => {
    for (const user of [SYNC, OTHER]) {
      const person = browser();
      const done = await person.get(back(await press(person, await link()), user));
      if (user === OTHER) expect(done.text).toMatch(/Olaf Jansen[\s\S]*Until now[\s\S]*Sync User/);
    }
  });

  it.each<[string, (callback: string, person: Browser) => Promise<Response>, number, string]>([
    ['without a state', (callback, person) => person.get(callback.replace(/&state=.*/, '')), 400, 'consent-unknown'],
    ['with two states', (callback, person) => person.get(`${callback}&state=x`), 400, 'consent-unknown'],
    ['with a forged state', (callback, person) => person.get(callback.replace(/.{4}$/, 'AAAA')), 400, 'consent-unknown'],
    ['in another browser', (callback) => browser().get(callback), 403, 'consent-other-browser'],
    ['denied', (callback, person) => person.get(callback.replace(/code=[^&]+/, 'error=access_denied')), 403, 'consent-denied'],
    ['with a made-up code', (callback, person) => person.get(callback.replace(/code=[^&]+/, 'code=x')), 409, 'code-refused'],
    [
      'a second time',
      async (callback, person) => {
        await person.get(callback);
        return person.get(callback);
      },
      410,
      'link-used',
    ],
  ])('is refused %s', async (_title, answer, status, code) => {
    const person = browser();
    const refused = await answer(back(await press(person, await link())), person);
    expect([refused.status, codeIn(refused)]).toEqual([status, code]);
    expect(refused.get('Location')).toBeUndefined();
  });

  it('is refused for another link of the same browser', async () => {
    const person = browser();
    const stranger = browser();
    await press(person, await link());
    const theirs = await press(stranger, await link());
    const refused = await person.get(back(theirs));
    expect([refused.status, codeIn(refused)]).toEqual([403, 'consent-other-browser']);
  });
});

it('a link that was used, has expired or leads to nothing says what to do', async () => {
  const person = browser();
  const path = await link();
  await person.get(back(await press(person, path)));
  const used = await person.get(path);
  expect([used.status, codeIn(used)]).toEqual([410, 'link-used']);
  expect(used.text).toContain('there is nothing more to do');
  const old = await link();
  world.time.now += 8 * 86_400_000;
  const expired = await person.get(old);
  expect([expired.status, codeIn(expired)]).toEqual([410, 'link-expired']);
  expect(expired.text).toContain('Ask who sent it to you for a new one');
  const unknown = await person.get('/authenticate/nothing');
  expect([unknown.status, codeIn(unknown)]).toEqual([404, 'link-unknown']);
});
