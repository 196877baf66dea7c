import Button from '@atlaskit/button/new';
import DynamicTable from '@atlaskit/dynamic-table';
import EmptyState from '@atlaskit/empty-state';
import Lozenge from '@atlaskit/lozenge';
import type { PageContext, SynchronizationRow } from '../contract/synchronizations.ts';
import { RefusalMessage } from './refusal-message.tsx';
import { fullTime, relativeTime } from './relative-time.ts';
import type { RowAction } from './row-actions.ts';
import { RowButtons } from './row-buttons.tsx';
import { siteName } from './side-names.ts';
import { lookOf } from './status-look.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import type { SynchronizationsView } from './use-synchronizations.ts';

interface Props {
  readonly here: PageContext;
  readonly view: SynchronizationsView;
  readonly onCreate: () => void;
  readonly onAction: (action: RowAction, row: SynchronizationRow) => void;
}

const ROWS_A_PAGE = 20;

/** The synchronizations of this space, or, while there are none, what one is good for. */
export function SynchronizationList({ here, view, onCreate, onAction }: Props) {
  const create = (
    <Button appearance="primary" onClick={onCreate}>
      {text.actions.newSynchronization}
    </Button>
  );
  const none = view.rows !== null && view.rows.length === 0;
  return (
    <>
      <header className="page-header">
        <div>
          <h1>{text.list.title}</h1>
          <p className="subtle">{text.list.intro(here.projectName)}</p>
        </div>
        {!none && create}
      </header>
      {view.refusal !== null && <RefusalMessage refusal={view.refusal} onRetry={view.refresh} />}
      {none && (
        <EmptyState
          header={text.empty.title}
          headingLevel={2}
          description={text.empty.body(here.projectName)}
          primaryAction={create}
        />
      )}
      {!none && (view.rows !== null || view.refusal === null) && <Table here={here} rows={view.rows} onAction={onAction} />}
    </>
  );
}

function Table({ here, rows, onAction }: Pick<Props, 'here' | 'onAction'> & { rows: readonly SynchronizationRow[] | null }) {
  const { clock } = useTools();
  const { columns } = text.list;
  return (
    <div className="table-frame">
      <DynamicTable
        label={text.list.table}
        isLoading={rows === null}
        loadingLabel={text.list.loading}
        defaultSortKey="status"
        defaultSortOrder="ASC"
        head={{
          cells: [
            { key: 'name', content: columns.name, isSortable: true, width: 26 },
            { key: 'partner', content: columns.partner, isSortable: true, width: 24 },
            { key: 'status', content: columns.status, isSortable: true, width: 14 },
            { key: 'activity', content: columns.lastActivity, isSortable: true, width: 14 },
            { key: 'errors', content: columns.errors, isSortable: true, width: 8 },
            { key: 'actions', content: <span className="for-screen-readers">{columns.actions}</span>, width: 14 },
          ],
        }}
        rows={(rows ?? []).map((row) => tableRow(row, here, clock.now(), onAction))}
        {...((rows?.length ?? 0) > ROWS_A_PAGE ? { rowsPerPage: ROWS_A_PAGE } : {})}
      />
    </div>
  );
}

function tableRow(row: SynchronizationRow, here: PageContext, now: number, onAction: Props['onAction']) {
  const look = lookOf(row.status);
  const nameId = `name-of-${row.synchronizationId}`;
  return {
    key: row.synchronizationId,
    cells: [
      { key: row.name.toLocaleLowerCase(text.locale), content: <Name row={row} id={nameId} /> },
      {
        key: `${row.partner.projectName} ${row.partner.siteUrl}`.toLocaleLowerCase(text.locale),
        content: <Partner row={row} here={here} />,
      },
      {
        // What waits for a decision comes first.
        key: row.brakes.length > 0 ? -1 : look.rank,
        content: <Status row={row} />,
      },
      {
        key: row.lastActivityAt === null ? 0 : Date.parse(row.lastActivityAt),
        content: <Activity at={row.lastActivityAt} now={now} />,
      },
      { key: row.errors, content: <Errors count={row.errors} /> },
      { key: 'actions', content: <RowButtons row={row} describedBy={nameId} onAction={(action) => onAction(action, row)} /> },
    ],
  };
}

function Name({ row, id }: { row: SynchronizationRow; id: string }) {
  return (
    <div className="two-lines">
      <strong id={id}>{row.name}</strong>
      {row.description !== '' && <span className="subtle clipped">{row.description}</span>}
    </div>
  );
}

function Partner({ row, here }: { row: SynchronizationRow; here: PageContext }) {
  const sameSite = row.partner.siteUrl === here.siteUrl;
  return (
    <div className="two-lines">
      <span>
        {row.partner.projectName === row.partner.projectKey
          ? row.partner.projectKey
          : `${row.partner.projectName} (${row.partner.projectKey})`}
      </span>
      <span className="subtle">{sameSite ? text.list.thisSite : siteName(row.partner.siteUrl)}</span>
    </div>
  );
}

function Status({ row }: { row: SynchronizationRow }) {
  const look = lookOf(row.status);
  return (
    <div className="statuses">
      <Lozenge appearance={look.appearance}>{look.label}</Lozenge>
      {problemsOf(row).map(({ connectionId, message, remedy }) => (
        <span key={connectionId} title={`${message} ${remedy}`}>
          <Lozenge appearance="danger" maxWidth="none">
            {text.list.authenticationNeeded}
          </Lozenge>
        </span>
      ))}
      {row.brakes.map(({ kind }) => (
        <span key={kind} title={text.brake.hint}>
          <Lozenge appearance="danger" maxWidth="none">
            {text.brake.lozenge[kind]}
          </Lozenge>
        </span>
      ))}
    </div>
  );
}

/** What is wrong with the connections to sites without the app. */
const problemsOf = ({ connections }: SynchronizationRow) =>
  [connections.A, connections.B].flatMap((connection) =>
    connection === null || connection.problem === null ? [] : [{ connectionId: connection.connectionId, ...connection.problem }],
  );

function Activity({ at, now }: { at: string | null; now: number }) {
  if (at === null) return <span className="subtle">{text.list.never}</span>;
  return (
    <time dateTime={at} title={fullTime(at, text.locale)}>
      {relativeTime(at, now, text.locale, text.list.justNow)}
    </time>
  );
}

function Errors({ count }: { count: number }) {
  if (count === 0) return <span className="subtle">{text.list.noErrors}</span>;
  return (
    <span title={text.list.errorsHint}>
      <Lozenge appearance="danger">{text.list.errors(count)}</Lozenge>
    </span>
  );
}
