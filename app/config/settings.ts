import { z } from 'zod';
import { ED25519_KEY } from '../platform/ed25519.ts';
import { isAllowedHostEntry } from '../platform/given-address.ts';

/** A host name, or `*.` and a host name that stands for exactly one more label. */
const hostPattern = z.string().regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'is not a host name or *.host name');

const allowedHostEntry = z
  .string()
  .refine(isAllowedHostEntry, 'is not a network (10.1.0.0/16), an IP address, a host name or *.host name');

const commaSeparated = (element: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(element).min(1));

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http or https address' })
  .transform((url) => url.replace(/\/+$/, ''));

/** Our pages and static files name each other from the root, so the app lives at the root of its host. */
const publicUrl = httpUrl.refine(
  (url) => URL.canParse(url) && new URL(url).origin === url.toLowerCase(),
  'must be a scheme and a host, without a path',
);

const masterKey = z
  .string()
  .regex(/^[0-9a-f]{64}$/i, 'must be exactly 64 hexadecimal characters')
  .transform((hex) => hex.toLowerCase());

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const wholeNumber = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

/** Every environment variable that Tandem reads. All optional here; what a mode requires is decided in read-config.ts. */
export const environmentSettings = {
  NODE_ENV: z.enum(['development', 'test', 'production']),
  ROLE: z.enum(['web', 'worker', 'all']),
  PORT: wholeNumber(0, 65_535),
  PUBLIC_URL: publicUrl,
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'is not a postgres:// address' }),
  TANDEM_ENCRYPTION_KEY: masterKey,
  TANDEM_ENCRYPTION_KEYS_OLDER: commaSeparated(masterKey),
  TANDEM_ENCRYPTION_KEY_NEXT: masterKey,
  CONNECT_KEYS_CDN_URL: commaSeparated(httpUrl),
  CONNECT_ALL_JS_URL: httpUrl,
  ALLOWED_SITE_HOSTS: commaSeparated(hostPattern),
  LOG_LEVEL: z.enum(logLevels),
  WORKER_CONCURRENCY: wholeNumber(1, 512),
  ATLASSIAN_CLIENT_ID: z.string().regex(/^\S{1,200}$/, 'is not a client ID'),
  ATLASSIAN_CLIENT_SECRET: z.string().regex(/^\S{1,1000}$/, 'is not a client secret'),
  ATLASSIAN_AUTH_URL: httpUrl,
  ATLASSIAN_API_URL: httpUrl,
  TOKEN_CONNECTIONS: z.enum(['on', 'off']),
  ALLOWED_PRIVATE_HOSTS: commaSeparated(allowedHostEntry),
  LICENCE_PUBLIC_KEY: z.string().regex(ED25519_KEY, 'must be an Ed25519 public key of 43 base64url characters'),
  KEEP_LOST_VALUES_DAYS: wholeNumber(1, 365),
  ERASE_AFTER_DAYS: wholeNumber(0, 365),
} as const;

export type SettingName = keyof typeof environmentSettings;

/** What to do about a wrong or missing setting. */
export const remedies: Readonly<Record<SettingName, string>> = {
  NODE_ENV: 'Set NODE_ENV=production for a real installation, or leave it out.',
  ROLE: 'Set ROLE to web, worker or all.',
  PORT: 'Set PORT to a free port, for example PORT=3000.',
  PUBLIC_URL: 'Set PUBLIC_URL to the address at which Jira reaches Tandem, for example PUBLIC_URL=https://tandem.example.com',
  DATABASE_URL: 'Set DATABASE_URL, for example DATABASE_URL=postgres://tandem:PASSWORD@localhost:5432/tandem',
  TANDEM_ENCRYPTION_KEY: 'Make one with: openssl rand -hex 32 (keep it: without it stored secrets cannot be read)',
  TANDEM_ENCRYPTION_KEYS_OLDER: 'List the earlier values of TANDEM_ENCRYPTION_KEY, newest first, separated by commas.',
  TANDEM_ENCRYPTION_KEY_NEXT:
    'Set it to the coming value of TANDEM_ENCRYPTION_KEY while keys are changed, and leave it out otherwise.',
  CONNECT_KEYS_CDN_URL: 'Leave it out to use the key servers of Atlassian.',
  CONNECT_ALL_JS_URL: 'Leave it out to use https://connect-cdn.atl-paas.net/all.js',
  ALLOWED_SITE_HOSTS: 'List host names separated by commas, for example ALLOWED_SITE_HOSTS=*.atlassian.net,jira.example.com',
  LOG_LEVEL: `Set LOG_LEVEL to one of ${logLevels.join(', ')}.`,
  WORKER_CONCURRENCY: 'Set WORKER_CONCURRENCY to a number from 1 to 512.',
  ATLASSIAN_CLIENT_ID: 'Copy it from your OAuth 2.0 app at developer.atlassian.com; it goes with ATLASSIAN_CLIENT_SECRET.',
  ATLASSIAN_CLIENT_SECRET: 'Copy it from your OAuth 2.0 app at developer.atlassian.com; it goes with ATLASSIAN_CLIENT_ID.',
  ATLASSIAN_AUTH_URL: 'Leave it out to use https://auth.atlassian.com',
  ATLASSIAN_API_URL: 'Leave it out to use https://api.atlassian.com',
  TOKEN_CONNECTIONS: 'Set TOKEN_CONNECTIONS to on or off.',
  ALLOWED_PRIVATE_HOSTS:
    'List networks, IP addresses and host names separated by commas, for example ALLOWED_PRIVATE_HOSTS=10.1.0.0/16,jira.intern.example.com',
  LICENCE_PUBLIC_KEY:
    'Set it to the public key that `npm run licence -- keys` printed, or leave it out: then nobody needs a licence.',
  KEEP_LOST_VALUES_DAYS: 'Set KEEP_LOST_VALUES_DAYS to a number of days from 1 to 365.',
  ERASE_AFTER_DAYS: 'Set ERASE_AFTER_DAYS to a number of days from 0 to 365.',
};

const fileMode = z.strictObject({
  port: z.number().int().min(0).max(65_535),
  allowedSiteHosts: z.array(hostPattern).min(1),
  installKeyServers: z.array(httpUrl).min(1),
  connectScriptUrl: httpUrl,
  logLevel: z.enum(logLevels),
  workerConcurrency: z.number().int().min(1).max(512),
  atlassianAuthUrl: httpUrl,
  atlassianApiUrl: httpUrl,
  tokenConnections: z.enum(['on', 'off']),
  allowedPrivateHosts: z.array(allowedHostEntry),
  keepLostValuesDays: z.number().int().min(1).max(365),
  eraseAfterDays: z.number().int().min(0).max(365),
});

/** The shape of config.json: the defaults per mode, and the app key. */
export const configFile = z.strictObject({
  product: z.literal('jira'),
  appKey: z.string().regex(/^[a-z0-9][a-z0-9.-]{2,79}$/, 'must be 3 to 80 lower-case letters, digits, dots and dashes'),
  development: fileMode,
  production: fileMode,
});
