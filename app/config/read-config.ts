import type { z } from 'zod';
import type { Result } from '../core/failure.ts';
import { fail, succeed } from '../core/failure.ts';
import type { SettingName } from './settings.ts';
import { configFile, environmentSettings, remedies } from './settings.ts';

/** Everything that can be set, once and frozen. Only compose reads it. */
export interface Config {
  readonly mode: 'development' | 'test' | 'production';
  readonly role: 'web' | 'worker' | 'all';
  readonly appKey: string;
  readonly port: number;
  /** The base URL in the descriptor, without a trailing slash. */
  readonly publicUrl: string;
  /** Null outside production: the start decides, by an embedded database. */
  readonly databaseUrl: string | null;
  /** Hexadecimal, 32 bytes each; `older` newest first. Null only where `databaseUrl` is null: the start makes one. */
  readonly encryptionKeys: {
    readonly current: string;
    readonly older: readonly string[];
    /** Only opens, until it becomes the current one. */
    readonly next?: string;
  } | null;
  /** Asked in order for the keys of signed installs. */
  readonly installKeyServers: readonly string[];
  readonly connectScriptUrl: string;
  /** Host patterns a site's base URL must match: a host name, or `*.` and a host name. */
  readonly allowedSiteHosts: readonly string[];
  readonly logLevel: z.output<(typeof environmentSettings)['LOG_LEVEL']>;
  readonly workerConcurrency: number;
  /** Tandem's own OAuth 2.0 app at Atlassian, by which people consent for Cloud sites (null: none), and where it asks. */
  readonly atlassian: {
    readonly app: { readonly clientId: string; readonly clientSecret: string } | null;
    readonly authUrl: string;
    readonly apiUrl: string;
  };
  /** Whether people may type tokens and passwords of sites. */
  readonly tokenConnections: boolean;
  /** Hosts and networks that are no public ones and may be connections all the same. */
  readonly allowedPrivateHosts: readonly string[];
  /** Whose remote licences count: an Ed25519 key, base64url. Null: nobody needs one. */
  readonly licencePublicKey: string | null;
  /** How long a value that lost a conflict can be put back. */
  readonly keepLostValuesDays: number;
  /** How long after the app was removed from a site all that is known of it is erased. */
  readonly eraseAfterDays: number;
}

/** One thing wrong with the configuration. `problem` never quotes a value: it may be a secret. */
export interface ConfigProblem {
  readonly setting: string;
  readonly problem: string;
  readonly remedy: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Values = { readonly [Name in SettingName]: z.output<(typeof environmentSettings)[Name]> | undefined };

const problemOf = (setting: SettingName, problem: string): ConfigProblem => ({ setting, problem, remedy: remedies[setting] });

/** An empty value counts as not set: `.env` files and container platforms cannot always leave a name out. */
const readSetting = <Name extends SettingName>(name: Name, environment: Environment, problems: ConfigProblem[]) => {
  const text = environment[name]?.trim() ?? '';
  if (text === '') return undefined;
  const parsed = environmentSettings[name].safeParse(text);
  if (parsed.success) return parsed.data as z.output<(typeof environmentSettings)[Name]>;
  problems.push(problemOf(name, parsed.error.issues[0]?.message ?? 'is not valid'));
  return undefined;
};

const readSettings = (environment: Environment, problems: ConfigProblem[]): Values => ({
  NODE_ENV: readSetting('NODE_ENV', environment, problems),
  ROLE: readSetting('ROLE', environment, problems),
  PORT: readSetting('PORT', environment, problems),
  PUBLIC_URL: readSetting('PUBLIC_URL', environment, problems),
  DATABASE_URL: readSetting('DATABASE_URL', environment, problems),
  TANDEM_ENCRYPTION_KEY: readSetting('TANDEM_ENCRYPTION_KEY', environment, problems),
  TANDEM_ENCRYPTION_KEYS_OLDER: readSetting('TANDEM_ENCRYPTION_KEYS_OLDER', environment, problems),
  TANDEM_ENCRYPTION_KEY_NEXT: readSetting('TANDEM_ENCRYPTION_KEY_NEXT', environment, problems),
  CONNECT_KEYS_CDN_URL: readSetting('CONNECT_KEYS_CDN_URL', environment, problems),
  CONNECT_ALL_JS_URL: readSetting('CONNECT_ALL_JS_URL', environment, problems),
  ALLOWED_SITE_HOSTS: readSetting('ALLOWED_SITE_HOSTS', environment, problems),
  LOG_LEVEL: readSetting('LOG_LEVEL', environment, problems),
  WORKER_CONCURRENCY: readSetting('WORKER_CONCURRENCY', environment, problems),
  ATLASSIAN_CLIENT_ID: readSetting('ATLASSIAN_CLIENT_ID', environment, problems),
  ATLASSIAN_CLIENT_SECRET: readSetting('ATLASSIAN_CLIENT_SECRET', environment, problems),
  ATLASSIAN_AUTH_URL: readSetting('ATLASSIAN_AUTH_URL', environment, problems),
  ATLASSIAN_API_URL: readSetting('ATLASSIAN_API_URL', environment, problems),
  TOKEN_CONNECTIONS: readSetting('TOKEN_CONNECTIONS', environment, problems),
  ALLOWED_PRIVATE_HOSTS: readSetting('ALLOWED_PRIVATE_HOSTS', environment, problems),
  LICENCE_PUBLIC_KEY: readSetting('LICENCE_PUBLIC_KEY', environment, problems),
  KEEP_LOST_VALUES_DAYS: readSetting('KEEP_LOST_VALUES_DAYS', environment, problems),
  ERASE_AFTER_DAYS: readSetting('ERASE_AFTER_DAYS', environment, problems),
});

/**
 * atlassian-connect-express reads AC_* variables by itself: AC_OPTS=no-auth switches its checks off, others change the
 * descriptor behind the back of this configuration.
 */
const findConnectVariables = (environment: Environment): readonly ConfigProblem[] =>
  Object.keys(environment)
    .filter((name) => name.startsWith('AC_') && environment[name] !== undefined)
    .map((name) =>
      name === 'AC_OPTS'
        ? {
            setting: name,
            problem: 'can switch off the check of who is calling (no-auth)',
            remedy: 'Unset AC_OPTS: Tandem never runs without that check.',
          }
        : {
            setting: name,
            problem: 'changes the app behind the back of this configuration',
            remedy: `Unset ${name}; use PUBLIC_URL, PORT and config.json.`,
          },
    );

const findMissing = (values: Values, present: (name: SettingName) => boolean): readonly ConfigProblem[] => {
  const missing: ConfigProblem[] = [];
  const require = (name: SettingName, why: string): void => {
    if (values[name] === undefined && !present(name)) missing.push(problemOf(name, why));
  };
  if (values.NODE_ENV === 'production') {
    for (const name of ['DATABASE_URL', 'PUBLIC_URL', 'TANDEM_ENCRYPTION_KEY'] as const)
      require(name, 'is required in production');
  } else if (values.DATABASE_URL !== undefined) {
    require('TANDEM_ENCRYPTION_KEY', 'is required with a database of your own');
  }
  if (values.ATLASSIAN_CLIENT_SECRET !== undefined) require('ATLASSIAN_CLIENT_ID', 'is required with ATLASSIAN_CLIENT_SECRET');
  if (values.ATLASSIAN_CLIENT_ID !== undefined) require('ATLASSIAN_CLIENT_SECRET', 'is required with ATLASSIAN_CLIENT_ID');
  const requireHttps = (name: 'PUBLIC_URL' | 'ATLASSIAN_AUTH_URL' | 'ATLASSIAN_API_URL', why: string): void => {
    if (values.NODE_ENV === 'production' && values[name]?.startsWith('http:') === true)
      missing.push(problemOf(name, `must begin with https:// in production, ${why}`));
  };
  requireHttps('PUBLIC_URL', 'Jira calls nothing else');
  requireHttps('ATLASSIAN_AUTH_URL', 'secrets go there');
  requireHttps('ATLASSIAN_API_URL', 'secrets go there');
  return missing;
};

const freezeDeep = <T extends object>(value: T): Readonly<T> => {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freezeDeep(part);
  return Object.freeze(value);
};

const atlassianOf = (
  { ATLASSIAN_CLIENT_ID: clientId, ATLASSIAN_CLIENT_SECRET: clientSecret, ATLASSIAN_AUTH_URL, ATLASSIAN_API_URL }: Values,
  defaults: z.output<typeof configFile>['production'],
): Config['atlassian'] => ({
  app: clientId === undefined || clientSecret === undefined ? null : { clientId, clientSecret },
  authUrl: ATLASSIAN_AUTH_URL ?? defaults.atlassianAuthUrl,
  apiUrl: ATLASSIAN_API_URL ?? defaults.atlassianApiUrl,
});

const keysOf = ({
  TANDEM_ENCRYPTION_KEY: current,
  TANDEM_ENCRYPTION_KEYS_OLDER: older = [],
  TANDEM_ENCRYPTION_KEY_NEXT: next,
}: Values): Config['encryptionKeys'] =>
  current === undefined ? null : { current, older, ...(next === undefined ? {} : { next }) };

const assemble = (values: Values, file: z.output<typeof configFile>): Config => {
  const mode = values.NODE_ENV ?? 'development';
  const defaults = mode === 'production' ? file.production : file.development;
  const port = values.PORT ?? defaults.port;
  return freezeDeep({
    mode,
    role: values.ROLE ?? 'all',
    appKey: file.appKey,
    port,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${port}`,
    databaseUrl: values.DATABASE_URL ?? null,
    encryptionKeys: keysOf(values),
    installKeyServers: values.CONNECT_KEYS_CDN_URL ?? defaults.installKeyServers,
    connectScriptUrl: values.CONNECT_ALL_JS_URL ?? defaults.connectScriptUrl,
    allowedSiteHosts: values.ALLOWED_SITE_HOSTS ?? defaults.allowedSiteHosts,
    logLevel: values.LOG_LEVEL ?? defaults.logLevel,
    workerConcurrency: values.WORKER_CONCURRENCY ?? defaults.workerConcurrency,
    atlassian: atlassianOf(values, defaults),
    tokenConnections: (values.TOKEN_CONNECTIONS ?? defaults.tokenConnections) === 'on',
    allowedPrivateHosts: values.ALLOWED_PRIVATE_HOSTS ?? defaults.allowedPrivateHosts,
    licencePublicKey: values.LICENCE_PUBLIC_KEY ?? null,
    keepLostValuesDays: values.KEEP_LOST_VALUES_DAYS ?? defaults.keepLostValuesDays,
    eraseAfterDays: values.ERASE_AFTER_DAYS ?? defaults.eraseAfterDays,
  });
};

/** Environment and the parsed config.json → one frozen value, or all problems at once. */
export const readConfig = (environment: Environment, file: unknown): Result<Config, readonly ConfigProblem[]> => {
  const problems: ConfigProblem[] = [];
  const values = readSettings(environment, problems);
  problems.push(...findConnectVariables(environment));
  problems.push(...findMissing(values, (name) => (environment[name]?.trim() ?? '') !== ''));
  const parsedFile = configFile.safeParse(file);
  if (!parsedFile.success) {
    const wrong = parsedFile.error.issues.map((issue) => ({
      setting: `config.json ${issue.path.join('.')}`.trim(),
      problem: issue.message,
      remedy: 'Correct config.json, or take the one that came with this version.',
    }));
    return fail([...problems, ...wrong]);
  }
  return problems.length > 0 ? fail(problems) : succeed(assemble(values, parsedFile.data));
};

/** The problems as a person reads them in a terminal. */
export const formatProblems = (problems: readonly ConfigProblem[]): string => {
  const lines = problems.map(({ setting, problem, remedy }) => `  ${setting} ${problem}\n    -> ${remedy}`);
  return `Tandem cannot start: ${problems.length === 1 ? 'one setting is' : `${problems.length} settings are`} wrong.\n${lines.join('\n')}\n`;
};
