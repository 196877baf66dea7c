import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** The policy as a header value; `frameAncestors` are the origins that may show the page in a frame. */
export type ContentSecurityPolicy = (frameAncestors: readonly string[]) => string;

/** Everything is ours but the host's script and the theme it loads from where it came; nothing inline; forms and plug-ins nowhere. */
export const createContentSecurityPolicy =
  (connectScriptUrl: string): ContentSecurityPolicy =>
  (frameAncestors) =>
    [
      "default-src 'none'",
      `script-src 'self' ${new URL(connectScriptUrl).origin}`,
      `style-src 'self' ${new URL(connectScriptUrl).origin}`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : [...new Set(frameAncestors)].join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; ');

/** Allowed site hosts as a policy writes them; http only for this machine, any port. */
export const frameSources = (siteHosts: readonly string[]): readonly string[] =>
  siteHosts.map((host) => (host === 'localhost' || host === '127.0.0.1' ? `http://${host}:*` : `https://${host}`));

/**
 * Headers of every answer. Frames are ruled by the policy, which can name origins, not by X-Frame-Options. No referrer: the
 * page's address carries a token.
 */
export const createSecurityHeaders = (
  policy: ContentSecurityPolicy,
  options: { siteHosts: readonly string[]; publicUrl: string },
): RequestHandler[] => {
  const value = policy(frameSources(options.siteHosts));
  return [
    helmet({ contentSecurityPolicy: false, frameguard: false, strictTransportSecurity: options.publicUrl.startsWith('https:') }),
    (_request, response, next) => {
      response.set('Content-Security-Policy', value);
      next();
    },
  ];
};
