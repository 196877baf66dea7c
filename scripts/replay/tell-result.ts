import type { HistoryLine } from '../../app/contract/synchronizations.ts';
import type { ReplayResult, Verdict } from './replay-recording.ts';

const TITLES: Readonly<Record<Verdict, string>> = {
  applied: 'applied',
  unchanged: 'nothing to carry over',
  declined: 'declined',
  parked: 'parked',
  failed: 'FAILED',
};

/** What a person reads about one replayed recording. */
export function tellResult(result: ReplayResult): string {
  const lines = [
    `answer: ${tellDelivery(result)}`,
    // An echo line says that there was nothing to carry over, which is told in more words below.
    ...result.history.filter(({ outcome }) => outcome !== 'echo').map((line) => `history: ${tellLine(line)}`),
    ...(result.verdict === 'unchanged' ? [tellUnchanged(result)] : []),
    ...tellTwin(result),
    ...result.remarks.map((remark) => `note: ${remark}`),
  ];
  return [`${result.name}  (${result.event}): ${TITLES[result.verdict]}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

const tellDelivery = ({ delivery }: ReplayResult): string =>
  delivery === null ? 'none' : `${delivery.outcome} (${delivery.code}): ${delivery.reason}`;

const tellLine = ({ outcome, piece, cause }: HistoryLine): string =>
  `${outcome} ${piece ?? 'item'}${cause === null ? '' : `: ${cause.message} ${cause.remedy}`}`;

const tellUnchanged = ({ changed }: ReplayResult): string =>
  changed.length === 0
    ? 'nothing that is synchronized differs between the item and its twin'
    : `the event changed ${[...new Set(changed)].join(', ')}, which this version does not synchronize`;

function tellTwin({ twin, verdict }: ReplayResult): readonly string[] {
  if (twin === null) return [];
  if (twin.sourceIsGone) return [`twin ${twin.key} is kept as it was`];
  if (twin.different.length === 0) return [`twin ${twin.key} is as its source`];
  return [`twin ${twin.key} differs in ${twin.different.join(', ')}${verdict === 'failed' ? ', and nothing says why' : ''}`];
}

/** One word and what it stands for, to compare runs by: `applied status field:summary`, `declined event-unused`. */
export function signOf({ verdict, delivery, history }: ReplayResult): string {
  if (delivery?.outcome === 'declined') return `declined ${delivery.code}`;
  const told = history
    .filter(({ outcome }) => outcome !== 'echo' && outcome !== 'agreed')
    .map(({ outcome, piece, cause }) =>
      cause === null || outcome === 'applied' ? (piece ?? outcome) : `${piece ?? 'item'}=${cause.code}`,
    );
  return [verdict, ...new Set(told)].join(' ');
}
