import type { Request } from 'express';
import type { Actor } from '../heart/site.ts';

/** A repeated parameter is one, its values joined by commas. */
export const queryOf = (request: Request): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.query).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String).join(',') : String(value),
    ]),
  );

export const headersOf = (request: Request): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));

export const headerOf = (request: Request, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Who calls without credentials. */
export const ANYBODY: Actor = {
  user: {
    accountId: '',
    accountType: 'atlassian',
    displayName: 'Anonymous',
    emailAddress: '',
    timeZone: 'Etc/GMT',
    apiToken: '',
    active: false,
    siteAdmin: false,
  },
  through: { kind: 'person' },
  trace: null,
};
