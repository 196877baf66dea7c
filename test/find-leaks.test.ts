import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findLeaks } from './find-leaks.ts';
import { runs } from './property-runs.ts';

const SECRET = 'Canary: "brütal" & 50% / secret+';
const encode = (text: string, as: BufferEncoding) => Buffer.from(text).toString(as);

describe('findLeaks', () => {
  it.each<[string, string]>([
    ['as it is', SECRET],
    ['in other case', SECRET.toUpperCase()],
    ['in JSON', JSON.stringify({ message: SECRET })],
    ['in an address', `https://a.example/?q=${encodeURIComponent(SECRET)}`],
    ['in a form', new URLSearchParams({ q: SECRET }).toString()],
    ['in hex', encode(SECRET, 'hex')],
    ['in base64', encode(SECRET, 'base64')],
    ['in base64url', encode(SECRET, 'base64url')],
    ['in a basic header', `Basic ${encode(`maria@example.com:${SECRET}`, 'base64')}`],
    ['in a token', `a.${encode(JSON.stringify({ sub: 'x', secret: SECRET, more: 1 }), 'base64url')}.c`],
  ])('finds it %s', (_how, text) => {
    expect(findLeaks([{ name: 'it', text: SECRET }], [{ name: 'log', texts: ['', text] }])).toEqual(['it in log']);
  });

  it('finds it wherever it stands in a longer base64 text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const texts = [encode(`${before}${SECRET}${after}`, 'base64')];
        expect(findLeaks([{ name: 'it', text: SECRET }], [{ name: 'log', texts }])).toEqual(['it in log']);
      }),
      runs(100),
    );
  });

  it('finds nothing where nothing is', () => {
    const outlets = [{ name: 'log', texts: ['Canary', 'v2.00000000.AAAA', encode('something else', 'base64')] }];
    expect(findLeaks([{ name: 'it', text: SECRET }], outlets)).toEqual([]);
  });

  it('does not look for what is found by chance', () => {
    expect(() => findLeaks([{ name: 'it', text: 'short' }], [])).toThrow('it is too short');
  });
});
