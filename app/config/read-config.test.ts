import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { formatProblems, readConfig } from './read-config.ts';
import { environmentSettings, remedies } from './settings.ts';

const read = (name: string): string => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const file: Record<string, unknown> = JSON.parse(read('config.json'));
const KEY = '0123456789abcdef'.repeat(4);

const production = (changes: Record<string, string | undefined> = {}): Record<string, string | undefined> => ({
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://tandem:pw@db/tandem',
  PUBLIC_URL: 'https://tandem.example.com/',
  TANDEM_ENCRYPTION_KEY: KEY,
  ...changes,
});

const problemsOf = (environment: Record<string, string | undefined>, config: unknown = file): string[] => {
  const result = readConfig(environment, config);
  return result.ok ? [] : result.failure.map(({ setting, problem }) => `${setting} ${problem}`);
};

describe('readConfig', () => {
  it('needs nothing to try the product', () => {
    expect(readConfig({}, file)).toMatchObject({
      ok: true,
      value: {
        mode: 'development',
        role: 'all',
        appKey: 'com.tandem.jira',
        port: 3000,
        publicUrl: 'http://localhost:3000',
        databaseUrl: null,
        encryptionKeys: null,
      },
    });
  });

  it('reads a production environment', () => {
    const older = 'f'.repeat(64);
    const environment = production({
      ROLE: 'worker',
      PORT: '8080',
      TANDEM_ENCRYPTION_KEYS_OLDER: `${older}, ${KEY.toUpperCase()}`,
      ALLOWED_SITE_HOSTS: 'jira.example.com',
      CONNECT_KEYS_CDN_URL: 'https://keys.example.com/',
    });
    expect(readConfig(environment, file)).toMatchObject({
      ok: true,
      value: {
        mode: 'production',
        role: 'worker',
        port: 8080,
        publicUrl: 'https://tandem.example.com',
        databaseUrl: 'postgres://tandem:pw@db/tandem',
        encryptionKeys: { current: KEY, older: [older, KEY] },
        allowedSiteHosts: ['jira.example.com'],
        installKeyServers: ['https://keys.example.com'],
      },
    });
  });

  it("knows Tandem's app at Atlassian, and whether tokens may be typed", () => {
    const app = { ATLASSIAN_CLIENT_ID: 'client', ATLASSIAN_CLIENT_SECRET: 'secret' };
    expect(readConfig(production(), file)).toMatchObject({
      value: {
        atlassian: { app: null, authUrl: 'https://auth.atlassian.com', apiUrl: 'https://api.atlassian.com' },
        tokenConnections: true,
      },
    });
    expect(readConfig({ ...app, ATLASSIAN_AUTH_URL: 'http://localhost:4000/', TOKEN_CONNECTIONS: 'off' }, file)).toMatchObject({
      value: {
        atlassian: { app: { clientId: 'client', clientSecret: 'secret' }, authUrl: 'http://localhost:4000' },
        tokenConnections: false,
      },
    });
  });

  it('takes an empty value as not set', () => {
    const { NODE_ENV: _mode, ...names } = environmentSettings;
    expect(problemsOf(Object.fromEntries(Object.keys(names).map((name) => [name, ' '])))).toEqual([]);
  });

  it('says all problems at once', () => {
    expect(
      problemsOf({
        NODE_ENV: 'production',
        PORT: 'http',
        LOG_LEVEL: 'loud',
        PUBLIC_URL: 'http://tandem.example.com',
        AC_OPTS: 'no-auth',
      }),
    ).toEqual([
      expect.stringContaining('PORT'),
      expect.stringContaining('LOG_LEVEL'),
      expect.stringContaining('AC_OPTS can switch off the check'),
      'DATABASE_URL is required in production',
      'TANDEM_ENCRYPTION_KEY is required in production',
      expect.stringContaining('PUBLIC_URL must begin with https://'),
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a mode nobody knows', { NODE_ENV: 'prod' }, 'NODE_ENV'],
    ['a key too short', { TANDEM_ENCRYPTION_KEY: 'abc' }, 'TANDEM_ENCRYPTION_KEY must be exactly 64'],
    ['a key that is not hexadecimal', { TANDEM_ENCRYPTION_KEY: 'z'.repeat(64) }, 'TANDEM_ENCRYPTION_KEY must be exactly 64'],
    ['an older key too short', { TANDEM_ENCRYPTION_KEYS_OLDER: `${KEY},abc` }, 'TANDEM_ENCRYPTION_KEYS_OLDER must be exactly 64'],
    [
      'a database that is not Postgres',
      { DATABASE_URL: 'mysql://x/y', TANDEM_ENCRYPTION_KEY: KEY },
      'DATABASE_URL is not a postgres',
    ],
    [
      'an own database without a key',
      { DATABASE_URL: 'postgres://x/y' },
      'TANDEM_ENCRYPTION_KEY is required with a database of your own',
    ],
    ['a public address with a path', { PUBLIC_URL: 'https://example.com/tandem' }, 'PUBLIC_URL must be a scheme and a host'],
    ['a port out of range', { PORT: '70000' }, 'PORT'],
    ['a host pattern with a star in the middle', { ALLOWED_SITE_HOSTS: 'jira.*.com' }, 'ALLOWED_SITE_HOSTS is not a host name'],
    ['every host', { ALLOWED_SITE_HOSTS: '*' }, 'ALLOWED_SITE_HOSTS is not a host name'],
    ['a client without its secret', { ATLASSIAN_CLIENT_ID: 'x' }, 'ATLASSIAN_CLIENT_SECRET is required with ATLASSIAN_CLIENT_ID'],
    ['a secret without its client', { ATLASSIAN_CLIENT_SECRET: 'x' }, 'ATLASSIAN_CLIENT_ID is required with'],
    ['a switch that is neither on nor off', { TOKEN_CONNECTIONS: 'yes' }, 'TOKEN_CONNECTIONS'],
    [
      'secrets sent in clear',
      production({ ATLASSIAN_API_URL: 'http://api.example.com' }) as Record<string, string>,
      'ATLASSIAN_API_URL must begin with https://',
    ],
    [
      'a variable of the library',
      { AC_LOCAL_BASE_URL: 'https://evil.example' },
      'AC_LOCAL_BASE_URL changes the app behind the back',
    ],
    ['checks switched off in development', { AC_OPTS: 'no-auth' }, 'AC_OPTS can switch off'],
  ])('refuses %s', (_name, environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringContaining(problem)]);
  });

  it('refuses AC_OPTS in production and says why', () => {
    const result = readConfig(production({ AC_OPTS: 'no-auth' }), file);
    if (result.ok) throw new Error('it was accepted');
    expect(formatProblems(result.failure)).toBe(
      'Tandem cannot start: one setting is wrong.\n  AC_OPTS can switch off the check of who is calling (no-auth)\n    -> Unset AC_OPTS: Tandem never runs without that check.\n',
    );
  });

  it('gives each problem a remedy and never quotes a value', () => {
    const result = readConfig(
      production({
        TANDEM_ENCRYPTION_KEY: 'CANARY',
        DATABASE_URL: 'CANARY',
        PUBLIC_URL: 'CANARY',
        PORT: 'CANARY',
        LOG_LEVEL: 'CANARY',
      }),
      file,
    );
    if (result.ok) throw new Error('it was accepted');
    const text = formatProblems(result.failure);
    expect(text).not.toContain('CANARY');
    expect(text).toContain('openssl rand -hex 32');
    expect(result.failure).toHaveLength(5);
  });

  it('names what is wrong in config.json', () => {
    expect(problemsOf({}, { ...file, appKey: 'Bad Key', extra: 1 })).toEqual([
      expect.stringContaining('config.json appKey'),
      expect.stringContaining('config.json'),
    ]);
    expect(problemsOf({}, null)).toHaveLength(1);
  });

  it('is frozen to the bottom', () => {
    const result = readConfig(production(), file);
    if (!result.ok) throw new Error('it was refused');
    expect([result.value, result.value.encryptionKeys, result.value.allowedSiteHosts].every(Object.isFrozen)).toBe(true);
  });
});

describe('.env.example', () => {
  it('names every setting, each with its explanation, and no other', () => {
    const lines = read('.env.example').split('\n');
    const names = lines.flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(names.toSorted()).toEqual(Object.keys(environmentSettings).toSorted());
    for (const name of names) expect(lines[lines.findIndex((line) => line.startsWith(`${name}=`)) - 1]).toMatch(/^# .{15,}/);
  });

  it('is accepted once the secrets are filled in', () => {
    const filled = Object.fromEntries(
      read('.env.example')
        .split('\n')
        .flatMap((line) => (/^([A-Z_]+)=(.*)$/.exec(line) ? [line.split(/=(.*)/s).slice(0, 2)] : [])),
    );
    expect(problemsOf({ ...filled, TANDEM_ENCRYPTION_KEY: KEY })).toEqual([]);
  });
});

it('has a remedy for every setting', () => {
  expect(Object.keys(remedies).toSorted()).toEqual(Object.keys(environmentSettings).toSorted());
});
