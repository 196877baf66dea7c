import DynamicTable from '@atlaskit/dynamic-table';
import Lozenge from '@atlaskit/lozenge';
import { useCallback } from 'react';
import type { HistoryLine } from '../contract/synchronizations.ts';
import { Dialog } from './dialog.tsx';
import { itemsName, needsALook, outcomeName, pieceName } from './history-words.ts';
import { fullTime, relativeTime } from './relative-time.ts';
import type { RowDialogProps } from './row-dialog.ts';
import { namesOf, type SideNames } from './side-names.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { WhenLoaded } from './when-loaded.tsx';

const words = text.history;

/** What crossed, what did not, and why. */
export function HistoryDialog({ row, here, onClose }: RowDialogProps) {
  const { api, clock } = useTools();
  const [loaded, retry] = useLoaded(useCallback(() => api.listHistory(row.synchronizationId), [api, row.synchronizationId]));
  const sides = namesOf(row, here);
  return (
    <Dialog title={words.title(row.name)} width="x-large" onClose={onClose} closeLabel={text.actions.close}>
      <WhenLoaded loaded={loaded} loadingLabel={words.loading} onRetry={retry}>
        {(lines) =>
          lines.length === 0 ? (
            <p>{words.empty}</p>
          ) : (
            <>
              <p className="subtle">{words.latest(lines.length)}</p>
              <div className="table-frame">
                <Lines lines={lines} sides={sides} now={clock.now()} />
              </div>
            </>
          )
        }
      </WhenLoaded>
    </Dialog>
  );
}

function Lines({ lines, sides, now }: { lines: readonly HistoryLine[]; sides: SideNames; now: number }) {
  return (
    <DynamicTable
      label={words.table}
      head={{
        cells: [
          { key: 'time', content: words.columns.time, width: 14 },
          { key: 'items', content: words.columns.items, width: 20 },
          { key: 'piece', content: words.columns.piece, width: 13 },
          { key: 'outcome', content: words.columns.outcome, width: 15 },
          { key: 'reason', content: words.columns.reason, width: 38 },
        ],
      }}
      rows={lines.map((line, index) => ({
        // Lines have no id of their own and are never reordered while shown.
        key: String(index),
        cells: [
          { key: 'time', content: <When at={line.at} now={now} /> },
          { key: 'items', content: itemsName(line, sides) },
          { key: 'piece', content: pieceName(line.piece, line.outcome) },
          { key: 'outcome', content: <Outcome outcome={line.outcome} /> },
          { key: 'reason', content: <Reason cause={line.cause} /> },
        ],
      }))}
    />
  );
}

function When({ at, now }: { at: string; now: number }) {
  return (
    <time dateTime={at} title={fullTime(at, text.locale)}>
      {relativeTime(at, now, text.locale, text.list.justNow)}
    </time>
  );
}

function Outcome({ outcome }: { outcome: string }) {
  return <Lozenge appearance={needsALook(outcome) ? 'warning' : 'neutral'}>{outcomeName(outcome)}</Lozenge>;
}

function Reason({ cause }: { cause: HistoryLine['cause'] }) {
  if (cause === null) return null;
  return (
    <div className="two-lines">
      <span>{cause.message}</span>
      {cause.remedy !== '' && <span className="subtle">{cause.remedy}</span>}
    </div>
  );
}
