import type { ContentChoice } from '../contract/synchronizations.ts';
import type { ConflictPolicy, Direction } from './content-entry.ts';
import type { SideNames } from './side-names.ts';
import { text } from './text.ts';

interface Line {
  readonly name: string;
  readonly direction: Direction;
  readonly conflict: ConflictPolicy | 'merges';
  readonly extra: string;
}

const linesOf = (content: ContentChoice): readonly Line[] => [
  ...content.fields.map(({ field, direction, conflict }) => ({
    name: text.fields[field],
    direction,
    conflict: field === 'labels' ? ('merges' as const) : conflict,
    extra: '',
  })),
  ...(content.status === null ? [] : [{ name: text.pieces.status, ...content.status, extra: '' }]),
  ...(content.comments === null
    ? []
    : [
        {
          name: text.pieces.comments,
          direction: content.comments.direction,
          // SPEC K2: comments have no policy of their own.
          conflict: 'newest' as const,
          extra: content.comments.authorLine ? text.content.authorLineShort : '',
        },
      ]),
];

function directionWords(direction: Direction, sides: SideNames): string {
  if (direction === 'both') return text.content.both;
  return direction === 'A-to-B' ? text.content.oneWay(sides.A, sides.B) : text.content.oneWay(sides.B, sides.A);
}

function conflictWords({ direction, conflict }: Line, sides: SideNames): string {
  if (direction !== 'both') return text.content.sourceWins(direction === 'A-to-B' ? sides.A : sides.B);
  return conflict === 'A' || conflict === 'B' ? text.content.sideWins(sides[conflict]) : text.content[conflict];
}

/** What takes part and how, to read before saying yes. */
export function ContentSummary({ content, sides }: { content: ContentChoice; sides: SideNames }) {
  return (
    <>
      <table className="summary" aria-label={text.content.table}>
        <thead>
          <tr>
            <th scope="col">{text.content.columns.piece}</th>
            <th scope="col">{text.content.columns.direction}</th>
            <th scope="col">{text.content.columns.conflict}</th>
          </tr>
        </thead>
        <tbody>
          {linesOf(content).map((line) => (
            <tr key={line.name}>
              <td>
                {line.name} {line.extra !== '' && <span className="subtle">{line.extra}</span>}
              </td>
              <td>{directionWords(line.direction, sides)}</td>
              <td className="subtle">{conflictWords(line, sides)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {content.strict && <p>{text.content.strictShort}</p>}
    </>
  );
}
