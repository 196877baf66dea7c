import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import type { EffectId, PieceKey, SynchronizationId, TenantId } from '../core/ids.ts';
import { createTenantKeys } from './tenant-keys.ts';
import { makeTrace, readTrace } from './trace.ts';

const keys = createTenantKeys(Buffer.alloc(32, 1));
const ACME = 'tenant-acme' as TenantId;
const SYNCHRONIZATION = '6a1f0d7e-0000-4000-8000-000000000001' as SynchronizationId;
const EFFECT = '6a1f0d7e-0000-4000-8000-000000000002' as EffectId;

const make = (pieces: readonly string[]): string => makeTrace(keys, ACME, SYNCHRONIZATION, EFFECT, pieces as PieceKey[]);

describe('traces', () => {
  it.each([[['field:summary']], [['field:summary', 'status', 'field:customfield_10020']], [['comment:A:10012']], [[]]])(
    'of %j are read back',
    (pieces) => {
      expect(readTrace(keys, ACME, make(pieces))).toEqual({ synchronizationId: SYNCHRONIZATION, effectId: EFFECT, pieces });
    },
  );

  it('always fit the header, whatever they are about', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 200 }), (pieces) => {
        expect(make(pieces)).toMatch(/^[\x21-\x7e]{1,1024}$/);
      }),
      runs(100),
    );
  });

  it.each<[string, string[]]>([
    ['too many pieces', Array.from({ length: 300 }, (_, n) => `field:customfield_${10_000 + n}`)],
    ['a comma in a name', ['field:a,field:b']],
    ['a slash in a name', ['field:a/b']],
    ['a character that is not ASCII', ['field:größe']],
  ])('with %s name their effect and prove nothing', (_name, pieces) => {
    expect(readTrace(keys, ACME, make(pieces))).toEqual({ synchronizationId: SYNCHRONIZATION, effectId: EFFECT, pieces: [] });
  });

  it('count for the tenant of the site alone', () => {
    expect(readTrace(keys, 'tenant-globex' as TenantId, make(['status']))).toBeNull();
    expect(readTrace(createTenantKeys(Buffer.alloc(32, 2)), ACME, make(['status']))).toBeNull();
  });

  it('are void when one character differs', () => {
    const trace = make(['field:summary', 'status']);
    for (let at = 0; at < trace.length; at += 1) {
      expect(readTrace(keys, ACME, `${trace.slice(0, at)}${trace[at] === 'x' ? 'y' : 'x'}${trace.slice(at + 1)}`)).toBeNull();
    }
  });

  it.each(['', 'tandem', 'tandem/1///', 'somebody else’s', `${make(['status'])}x`, `x${make(['status'])}`, 'a'.repeat(2000)])(
    'are not %j',
    (text) => {
      expect(readTrace(keys, ACME, text)).toBeNull();
    },
  );
});

describe('tenant keys', () => {
  const fingerprint = keys.fingerprinter(ACME);

  it('give equal fingerprints to equal content, and to nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(fingerprint(a) === fingerprint(b)).toBe(a === b);
      }),
      runs(100),
    );
  });

  it('stay what they are: bases of years depend on it', () => {
    expect(fingerprint('text:Printer on fire')).toBe(
      createTenantKeys(Buffer.alloc(32, 1)).fingerprinter(ACME)('text:Printer on fire'),
    );
    expect(fingerprint('text:Printer on fire')).toMatchInlineSnapshot(`"0V0SHQCkug5jfKYYjQhesg"`);
  });

  it('differ between tenants, purposes and master keys', () => {
    const others = [keys.fingerprinter('tenant-globex' as TenantId), createTenantKeys(Buffer.alloc(32, 2)).fingerprinter(ACME)];
    expect(new Set([fingerprint('x'), ...others.map((take) => take('x'))]).size).toBe(3);
    expect(keys.traceKey(ACME).equals(keys.traceKey('tenant-globex' as TenantId))).toBe(false);
  });
});
