import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TenantId } from '../core/ids.ts';
import { createSecretBox } from './secret-box.ts';

const ACME = 'tenant-acme' as TenantId;
const GLOBEX = 'tenant-globex' as TenantId;
const key = (fill: number): Buffer => Buffer.alloc(32, fill);

describe('SecretBox', () => {
  const box = createSecretBox({ current: key(1), older: [] });

  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
        expect(box.open(ACME, box.seal(ACME, secret))).toEqual({ ok: true, value: secret });
      }),
    );
  });

  it('seals the same secret differently each time, and shows nothing of it', () => {
    const sealed = [box.seal(ACME, 'the-secret'), box.seal(ACME, 'the-secret')];
    expect(sealed[0]).not.toBe(sealed[1]);
    expect(Buffer.from(sealed.join(''), 'base64url').toString('latin1')).not.toContain('the-secret');
  });

  it('opens for no other tenant', () => {
    expect(box.open(GLOBEX, box.seal(ACME, 'the-secret'))).toEqual({ ok: false, failure: 'not-ours' });
  });

  it('notices every changed character', () => {
    const sealed = box.seal(ACME, 'the-secret');
    for (let at = sealed.lastIndexOf('.') + 1; at < sealed.length - 1; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(box.open(ACME, changed).ok).toBe(false);
    }
  });

  it.each(['', 'v1', 'v1.00000000.', 'v1.00000000.AAAA', 'v2.00000000.AAAA', 'v1.zzzzzzzz.AAAA', 'plain text'])(
    'refuses %j',
    (text) => {
      expect(box.open(ACME, text).ok).toBe(false);
    },
  );

  it('refuses a box cut short', () => {
    const [version, keyId] = box.seal(ACME, '').split('.');
    expect(box.open(ACME, `${version}.${keyId}.AAAA`)).toEqual({ ok: false, failure: 'not-ours' });
  });

  it('rotates: older keys open, the current one seals', () => {
    const before = createSecretBox({ current: key(1), older: [] });
    const after = createSecretBox({ current: key(2), older: [key(1)] });
    const old = before.seal(ACME, 'the-secret');
    expect(after.open(ACME, old)).toEqual({ ok: true, value: 'the-secret' });
    expect(before.open(ACME, after.seal(ACME, 'the-secret'))).toEqual({ ok: false, failure: 'unknown-key' });
  });
});
