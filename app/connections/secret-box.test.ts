import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { TenantId } from '../core/ids.ts';
import { createSecretBox } from './secret-box.ts';

const ACME = 'tenant-acme' as TenantId;
const GLOBEX = 'tenant-globex' as TenantId;
const key = (fill: number): Buffer => Buffer.alloc(32, fill);

/** A text in the form of version 0.1: under the master key itself. */
const sealOld = (master: Buffer, tenantId: TenantId, secret: string): string => {
  const keyId = createHash('sha256').update('tandem/key-id/').update(master).digest('hex').slice(0, 8);
  const nonce = Buffer.alloc(12, 7);
  const cipher = createCipheriv('aes-256-gcm', master, nonce);
  cipher.setAAD(Buffer.from(`tandem/v1/${keyId}/${tenantId}`));
  const packed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `v1.${keyId}.${packed.toString('base64url')}`;
};

describe('SecretBox', () => {
  const box = createSecretBox({ current: key(1), older: [] });

  it('opens what it sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
        expect(box.open(ACME, box.seal(ACME, secret))).toEqual({ ok: true, value: secret });
      }),
      runs(100),
    );
  });

  it('seals the same secret differently each time, and shows nothing of it', () => {
    const sealed = [box.seal(ACME, 'the-secret'), box.seal(ACME, 'the-secret')];
    expect(sealed[0]).not.toBe(sealed[1]);
    expect(Buffer.from(sealed.join(''), 'base64url').toString('latin1')).not.toContain('the-secret');
  });

  it('opens for no other tenant, nor with another data key of the tenant', () => {
    expect(box.open(GLOBEX, box.seal(ACME, 'the-secret'))).toEqual({ ok: false, failure: 'not-ours' });
    const [mine, other] = [box.seal(ACME, 'one'), createSecretBox({ current: key(1), older: [] }).seal(ACME, 'two')];
    const mixed = [...mine.split('.').slice(0, 3), other.split('.')[3]].join('.');
    expect(box.open(ACME, mixed)).toEqual({ ok: false, failure: 'not-ours' });
  });

  it('gives each tenant a data key of its own, and takes a new one in each process', () => {
    const dataKeyOf = (sealed: string) => sealed.split('.')[2];
    const again = createSecretBox({ current: key(1), older: [] });
    const sealed = [box.seal(ACME, ''), box.seal(ACME, ''), box.seal(GLOBEX, ''), again.seal(ACME, '')].map(dataKeyOf);
    expect(sealed[0]).toBe(sealed[1]);
    expect(new Set(sealed).size).toBe(3);
  });

  it('opens what another process with the same master key sealed', () => {
    const there = createSecretBox({ current: key(1), older: [] });
    expect(there.open(ACME, box.seal(ACME, 'the-secret'))).toEqual({ ok: true, value: 'the-secret' });
  });

  it('notices every changed character', () => {
    const sealed = box.seal(ACME, 'the-secret');
    for (let at = sealed.indexOf('.', 3) + 1; at < sealed.length - 1; at += 1) {
      if (sealed[at] === '.') continue;
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(box.open(ACME, changed)).toEqual({ ok: false, failure: 'not-ours' });
    }
  });

  it.each([
    '',
    'v1',
    'v1.00000000.',
    'v1.00000000.AAAA',
    'v2.00000000.AAAA',
    'v2.00000000.AAAA.AAAA',
    'v3.00000000.AAAA',
    'v1.zzzzzzzz.AAAA',
    'plain text',
  ])('refuses %j', (text) => {
    expect(box.open(ACME, text).ok).toBe(false);
    expect(box.reseal(ACME, text).ok).toBe(false);
  });

  it('refuses a box cut short', () => {
    const [form, keyId, dataKey] = box.seal(ACME, '').split('.');
    expect(box.open(ACME, `${form}.${keyId}.${dataKey}.AAAA`)).toEqual({ ok: false, failure: 'not-ours' });
    expect(box.open(ACME, `v1.${keyId}.AAAA`)).toEqual({ ok: false, failure: 'not-ours' });
  });

  it('opens the form of version 0.1', () => {
    const old = sealOld(key(1), ACME, 'the-secret');
    expect(box.open(ACME, old)).toEqual({ ok: true, value: 'the-secret' });
    expect(box.open(GLOBEX, old)).toEqual({ ok: false, failure: 'not-ours' });
    expect(createSecretBox({ current: key(2), older: [] }).open(ACME, old)).toEqual({ ok: false, failure: 'unknown-key' });
  });
});

describe('rotation', () => {
  const before = createSecretBox({ current: key(1), older: [] });
  const ready = createSecretBox({ current: key(1), older: [], next: key(2) });
  const during = createSecretBox({ current: key(2), older: [key(1)] });
  const after = createSecretBox({ current: key(2), older: [] });

  it('goes without a moment at which a process cannot open what another one sealed', () => {
    const steps = [
      [before, ready],
      [ready, during],
      [during, after],
    ] as const;
    for (const [one, other] of steps.slice(0, 2)) {
      expect(one.open(ACME, other.seal(ACME, 'new'))).toEqual({ ok: true, value: 'new' });
      expect(other.open(ACME, one.seal(ACME, 'old'))).toEqual({ ok: true, value: 'old' });
    }
    expect(before.open(ACME, during.seal(ACME, 'new'))).toEqual({ ok: false, failure: 'unknown-key' });
  });

  it.each([
    ['an envelope', before.seal(ACME, 'the-secret')],
    ['the form of version 0.1', sealOld(key(1), ACME, 'the-secret')],
  ])('brings %s under the current key', (_form, old) => {
    expect(after.open(ACME, old)).toEqual({ ok: false, failure: 'unknown-key' });
    expect(during.keyIdOf(old)).not.toBe(during.currentKeyId);
    const moved = during.reseal(ACME, old);
    if (!moved.ok) throw new Error(moved.failure);
    expect(during.keyIdOf(moved.value)).toBe(during.currentKeyId);
    expect(after.open(ACME, moved.value)).toEqual({ ok: true, value: 'the-secret' });
    expect(during.reseal(ACME, moved.value)).toEqual(moved);
  });

  it('carries the text of an envelope over as it is', () => {
    const old = before.seal(ACME, 'the-secret');
    const moved = during.reseal(ACME, old);
    expect(moved.ok && moved.value.split('.')[3]).toBe(old.split('.')[3]);
  });

  it('changes nothing that is not this tenant’s or whose key is gone', () => {
    expect(during.reseal(GLOBEX, before.seal(ACME, 'the-secret'))).toEqual({ ok: false, failure: 'not-ours' });
    expect(after.reseal(ACME, before.seal(ACME, 'the-secret'))).toEqual({ ok: false, failure: 'unknown-key' });
    expect(after.keyIdOf('plain text')).toBeNull();
  });
});
