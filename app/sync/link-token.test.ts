import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { AuthenticationLinkId, TenantId } from '../core/ids.ts';
import { readLinkToken, writeLinkToken } from './link-token.ts';

const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
const tokens = fc.record({
  tenantId: fc.uuid().map((id) => id as TenantId),
  linkId: fc.uuid().map((id) => id as AuthenticationLinkId),
  secret: secrets,
});

describe('the token in a one-time link', () => {
  it('reads as it was written, and fits into an address', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const text = writeLinkToken(token);
        expect(text).toMatch(/^[A-Za-z0-9_-]{86}$/);
        expect(readLinkToken(text)).toEqual(token);
      }),
      runs(100),
    );
  });

  it('reads as nothing when it is anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 90, unit: 'binary' }), (text) => {
        expect(readLinkToken(text)).toBeNull();
      }),
      runs(100),
    );
  });

  // The last character of 64 bytes carries four bits that mean nothing: one token must not have sixteen spellings.
  it('has one spelling', () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom('B', 'C', 'x', '9'), (token, last) => {
        const other = `${writeLinkToken(token).slice(0, -1)}${last}`;
        const read = readLinkToken(other);
        expect(read === null || writeLinkToken(read) === other).toBe(true);
      }),
      runs(100),
    );
    expect(readLinkToken(`${'A'.repeat(85)}B`)).toBeNull();
  });
});
