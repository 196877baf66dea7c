import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { pino } from 'pino';

/** Static message, fields as data. Never issue content, tokens, secrets, e-mail addresses or bodies. */
export type Logger = Pick<PinoLogger, 'fatal' | 'error' | 'warn' | 'info' | 'debug'> & {
  child(bindings: Record<string, unknown>): Logger;
};

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

/** Second wall: fields that must never be logged are struck out even if somebody passes them. */
const NEVER_LOGGED = [
  'authorization',
  'jwt',
  'token',
  'secret',
  'sharedSecret',
  'sealedSecret',
  'password',
  'cookie',
  'body',
  'headers',
  'databaseUrl',
  'url',
  'query',
];

const redactPaths = NEVER_LOGGED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** A JSON-lines logger on stdout, or on `destination`. */
export const createLogger = (level: LogLevel, destination?: DestinationStream): Logger => {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redactPaths, censor: '[redacted]' },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
};
