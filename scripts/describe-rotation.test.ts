import { describe, expect, it } from '@jest/globals';
import { describeRotation } from './describe-rotation.ts';

const standing = (column: string, left: [string, number][] = [], unreadable = 0) => ({
  column,
  moved: 0,
  left: new Map(left),
  unreadable,
});

describe('describeRotation', () => {
  it('says what was done, and which older keys can go', () => {
    expect(
      describeRotation({
        moved: new Map([
          ['connection.sealed_secret', 12],
          ['kept_value.sealed', 0],
        ]),
        last: [standing('connection.sealed_secret'), standing('kept_value.sealed')],
        currentKeyId: 'cccccccc',
        olderKeyIds: ['bbbbbbbb', 'aaaaaaaa'],
      }),
    ).toEqual({
      isDone: true,
      text: [
        'Brought under the current key (cccccccc):',
        '  connection.sealed_secret: 12',
        'Everything that can be read is sealed with the current key (cccccccc).',
        'Keep the last key of TANDEM_ENCRYPTION_KEYS_OLDER (aaaaaaaa): fingerprints are made with it.',
        'No longer needed there: bbbbbbbb.',
      ].join('\n'),
    });
  });

  it('says what is left and why, and that it is not done', () => {
    const { text, isDone } = describeRotation({
      moved: new Map(),
      last: [
        standing('connection.sealed_secret', [
          ['aaaaaaaa', 2],
          ['dddddddd', 1],
        ]),
        standing('kept_value.sealed', [], 3),
      ],
      currentKeyId: 'cccccccc',
      olderKeyIds: ['aaaaaaaa'],
    });
    expect(isDone).toBe(false);
    expect(text).toContain('connection.sealed_secret: 2 with key aaaaaaaa. Run this again');
    expect(text).toContain('connection.sealed_secret: 1 with key dddddddd, which is not set.');
    expect(text).toContain('  kept_value.sealed: 3');
    expect(text).not.toContain('Keep the last key');
  });

  it('says nothing of older keys where there are none', () => {
    const said = describeRotation({
      moved: new Map(),
      last: [standing('kept_value.sealed')],
      currentKeyId: 'c',
      olderKeyIds: [],
    });
    expect(said).toEqual({ isDone: true, text: 'Everything that can be read is sealed with the current key (c).' });
  });
});
