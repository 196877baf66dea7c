import type { RequestHandler } from 'express';
import type { JwtVerifier } from '../../hosts/connect/verify-jwt.ts';
import { createSiteGuard } from '../guards.ts';
import type { ContentSecurityPolicy } from '../security-headers.ts';

export interface PagePorts {
  readonly verifier: JwtVerifier;
  readonly policy: ContentSecurityPolicy;
  readonly connectScriptUrl: string;
}

/** GET /pages/space-settings: the empty shell. What it shows it asks from the API, with a token of the person looking. */
export const pagesSpaceSettingsGet = ({ verifier, policy, connectScriptUrl }: PagePorts): RequestHandler =>
  createSiteGuard(
    verifier,
    'page',
  )(async (site, _request, response) => {
    const { baseUrl, displayUrl } = site.installation;
    response.set('Content-Security-Policy', policy([new URL(baseUrl).origin, new URL(displayUrl).origin]));
    response.set('Cache-Control', 'no-store');
    response.render('space-settings', { allJsUrl: connectScriptUrl });
  });
