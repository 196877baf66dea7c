import type { Failure, Result } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import type { Product } from '../sync/connection-ports.ts';

/** Port for the Jira adapter: a site's address, and headers that make a request to it ours. */
export interface SignedTransport {
  /** Without a trailing slash; request paths are appended to it. */
  readonly baseUrl: string;
  /** What speaks there. */
  readonly product: Product;
  /** The server's version where it is known: `10.3.1`. Null for Cloud. */
  readonly version: string | null;
  /** The site has the app, so it is the tenant; otherwise the tenant has credentials for it. */
  readonly hasApp: boolean;
  /** `given`: a person typed the address, so requests go out guarded; `vouched`: Atlassian signed it. */
  readonly address: 'vouched' | 'given';
  /**
   * Headers for exactly this request, good for some minutes at most: sign each try anew. `pathAndQuery` begins with a slash and is
   * sent as given, `/rest/api/3/issue/10001?fields=summary`. May have to refresh a token first; `unauthorized`: it cannot be.
   */
  authorize(method: string, pathAndQuery: string): Promise<Result<{ readonly Authorization: string }, Failure>>;
  /**
   * The site answered 401 to such headers. `again`: there are newer ones, sign and send once more (a 401 did nothing, so that is safe
   * for writes too). `over`: there are none; the connection now says that it needs authentication, if that is for us to say.
   */
  refused(sent: { readonly Authorization: string }): Promise<'again' | 'over'>;
}

/**
 * Port for the Jira adapter: finds the way to a site. `gone`: no such connection, disabled or uninstalled. `sealed`: its secret cannot be
 * opened with the keys we have. `unauthenticated`: nobody has consented yet, or it needs authentication again.
 */
export interface Transports {
  reach(tenantId: TenantId, connectionId: ConnectionId): Promise<Result<SignedTransport, 'gone' | 'sealed' | 'unauthenticated'>>;
}
