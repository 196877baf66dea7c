import type { Request, Response } from 'express';

/** A cookie for our own pages alone: no script reads it, no other host sets it, and other sites' forms and frames do not send it. */
export interface PageCookies {
  read(request: Request, name: string): string | null;
  /** Until `until` (epoch ms) at the latest; the browser may forget it earlier. */
  set(response: Response, name: string, value: string, until: number): void;
  remove(response: Response, name: string): void;
}

/**
 * `__Host-`: browsers take such a cookie over https only, for this very host and all its paths. Over http (development) its name is plain.
 * `Lax`, since the site's redirect back to us is a navigation that begins elsewhere.
 */
export function createPageCookies(publicUrl: string): PageCookies {
  const secure = publicUrl.startsWith('https:');
  const nameOf = (name: string): string => `${secure ? '__Host-' : ''}tandem-${name}`;
  const options = { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
  return {
    read(request, name) {
      const wanted = `${nameOf(name)}=`;
      const found = (request.headers.cookie ?? '').split(/; */).filter((part) => part.startsWith(wanted));
      // Two of one name: somebody put one there. Neither counts.
      const [only] = found;
      return only === undefined || found.length > 1 ? null : only.slice(wanted.length);
    },
    set(response, name, value, until) {
      response.cookie(nameOf(name), value, { ...options, expires: new Date(until) });
    },
    remove(response, name) {
      response.clearCookie(nameOf(name), options);
    },
  };
}
