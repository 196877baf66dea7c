import type { SignedTransport } from '../../app/connections/transport.ts';
import { succeed } from '../../app/core/failure.ts';

/** A transport that says who calls by a header made from the request, and knows no newer one. */
export const plainTransport = (
  baseUrl: string,
  authorization: string | ((method: string, path: string) => string),
  product: SignedTransport['product'] = 'cloud',
): SignedTransport => ({
  baseUrl,
  product,
  version: null,
  hasApp: true,
  address: 'vouched',
  authorize: async (method, path) =>
    succeed({ Authorization: typeof authorization === 'string' ? authorization : authorization(method, path) }),
  refused: async () => 'over',
});
