import type { ColumnStanding } from '../app/connections/reseal-rows.ts';

/** What there is to say after a rotation of master keys. Keys appear by their ids alone. */
export interface Rotation {
  /** Texts brought under the current key, by column. */
  readonly moved: ReadonlyMap<string, number>;
  /** How the last look found everything. */
  readonly last: readonly ColumnStanding[];
  readonly currentKeyId: string;
  /** In the order of the setting: newest first. */
  readonly olderKeyIds: readonly string[];
}

/** As the operator reads it. `isDone`: nothing needs an older key any more but the fingerprints. */
export function describeRotation({ moved, last, currentKeyId, olderKeyIds }: Rotation): { text: string; isDone: boolean } {
  const changed = [...moved].filter(([, count]) => count > 0).map(([column, count]) => `  ${column}: ${count}`);
  const left = last.flatMap(({ column, left: byKey }) => [...byKey].map(([keyId, count]) => ({ column, keyId, count })));
  const unreadable = last.filter((one) => one.unreadable > 0).map((one) => `  ${one.column}: ${one.unreadable}`);
  const lines = [
    ...(changed.length === 0 ? [] : [`Brought under the current key (${currentKeyId}):`, ...changed]),
    ...(left.length === 0 ? [] : ['Still sealed with another key:', ...left.map((one) => describeLeft(one, olderKeyIds))]),
    ...(unreadable.length === 0
      ? []
      : [
          'Cannot be read with any key, because it was altered or belongs to another tenant; nothing was changed:',
          ...unreadable,
        ]),
    ...(left.length > 0
      ? []
      : [`Everything that can be read is sealed with the current key (${currentKeyId}).`, ...adviseOn(olderKeyIds)]),
  ];
  return { text: lines.join('\n'), isDone: left.length === 0 && unreadable.length === 0 };
}

const describeLeft = (
  { column, keyId, count }: { column: string; keyId: string; count: number },
  olderKeyIds: readonly string[],
): string =>
  olderKeyIds.includes(keyId)
    ? `  ${column}: ${count} with key ${keyId}. Run this again; if it stays, a process still runs with that key as its current one.`
    : `  ${column}: ${count} with key ${keyId}, which is not set. Add that key to TANDEM_ENCRYPTION_KEYS_OLDER and run this again.`;

function adviseOn(olderKeyIds: readonly string[]): readonly string[] {
  const oldest = olderKeyIds.at(-1);
  if (oldest === undefined) return [];
  const free = olderKeyIds.slice(0, -1);
  return [
    `Keep the last key of TANDEM_ENCRYPTION_KEYS_OLDER (${oldest}): fingerprints are made with it.`,
    ...(free.length === 0 ? [] : [`No longer needed there: ${free.join(', ')}.`]),
  ];
}
