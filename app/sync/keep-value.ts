import type { FieldValue } from '../core/item.ts';
import { fingerprintValue } from '../core/normal-form.ts';
import type { LosingValue } from '../core/plan.ts';
import type { KeptValue } from './ports.ts';
import type { Turn } from './turn.ts';

/** A value that lost, sealed for its tenant, with an end: a person can put it back until then. */
export function keepValue({ claim: { tenantId }, ports }: Turn, { piece, side, value }: LosingValue): KeptValue {
  const keptAt = ports.clock.now();
  return {
    piece,
    side,
    fingerprint: fingerprintValue(value, ports.fingerprinter(tenantId)),
    sealed: ports.seal(tenantId, JSON.stringify(value)),
    keptAt,
    until: keptAt + ports.keepValuesMs,
  };
}

/** Words of a rich text of which no more is known than the changelog says. */
export const wordsAsValue = (text: string): FieldValue => ({
  kind: 'rich',
  document: {
    type: 'doc',
    version: 1,
    content: text.split('\n').map((line) => ({ type: 'paragraph', content: line === '' ? [] : [{ type: 'text', text: line }] })),
  },
});
