import type { Result } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';

/** Port for the Jira adapter: a site's address, and headers that make a request to it ours. */
export interface SignedTransport {
  /** Without a trailing slash; request paths are appended to it. */
  readonly baseUrl: string;
  /**
   * Headers for exactly this request, good for three minutes: sign each try anew. `pathAndQuery` begins with a slash and is
   * sent as given, `/rest/api/3/issue/10001?fields=summary`.
   */
  authorize(method: string, pathAndQuery: string): { readonly Authorization: string };
}

/** Port for the Jira adapter: finds the way to a site. */
export interface Transports {
  /** `gone`: no such connection, disabled or uninstalled. `sealed`: its secret cannot be opened with the keys we have. */
  reach(tenantId: TenantId, connectionId: ConnectionId): Promise<Result<SignedTransport, 'gone' | 'sealed'>>;
}
