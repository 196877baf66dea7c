import { describe, expect, it } from '@jest/globals';
import { createEd25519Check, ED25519_KEY, makeEd25519Pair, signEd25519 } from './ed25519.ts';

describe('Ed25519', () => {
  const pair = makeEd25519Pair();
  const check = createEd25519Check(pair.publicKey);
  const signature = signEd25519(pair, 'a text');

  it('makes keys in the form of the setting', () => {
    expect(pair.publicKey).toMatch(ED25519_KEY);
    expect(pair.privateKey).toMatch(ED25519_KEY);
  });

  it('checks the vector of RFC 8032, 7.1, test 2', () => {
    const publicKey = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex').toString(
      'base64url',
    );
    const signed = Buffer.from(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      'hex',
    ).toString('base64url');
    expect(createEd25519Check(publicKey)('\u0072', signed)).toBe(true);
  });

  it.each<[string, string, string]>([
    ['another text', 'A text', signature],
    ['another signature', 'a text', signEd25519(pair, 'A text')],
    ['the signature of somebody else', 'a text', signEd25519(makeEd25519Pair(), 'a text')],
    ['a signature cut short', 'a text', signature.slice(0, -4)],
    ['no signature', 'a text', ''],
    ['no base64url', 'a text', '%%%'],
  ])('refuses %s', (_what, text, given) => {
    expect(check(text, given)).toBe(false);
    expect(check('a text', signature)).toBe(true);
  });
});
