import Checkbox from '@atlaskit/checkbox';
import SectionMessage from '@atlaskit/section-message';
import { useId } from 'react';
import { fieldIds } from '../contract/synchronizations.ts';
import type { ConflictPolicy, ContentEntry, Direction, PieceEntry } from './content-entry.ts';
import type { SideNames } from './side-names.ts';
import { SmallSelect } from './small-select.tsx';
import { text } from './text.ts';

interface Props {
  readonly entry: ContentEntry;
  readonly sides: SideNames;
  readonly onChange: (entry: ContentEntry) => void;
  /** Why it cannot be left as it is. */
  readonly error?: string | undefined;
}

const words = text.content;

/** What takes part, which way, and who wins. Used by the wizard and for editing later. */
export function ContentEditor({ entry, sides, onChange, error }: Props) {
  const strictHint = useId();
  return (
    <div className="content-editor">
      {error !== undefined && (
        <div role="alert" className="refusal">
          <SectionMessage appearance="error">
            <p>{error}</p>
          </SectionMessage>
        </div>
      )}
      <table aria-label={words.table}>
        <thead>
          <tr>
            <th scope="col">{words.columns.piece}</th>
            <th scope="col">{words.columns.direction}</th>
            <th scope="col">{words.columns.conflict}</th>
          </tr>
        </thead>
        <tbody>
          {fieldIds.map((field) => (
            <PieceRow
              key={field}
              name={text.fields[field]}
              piece={entry.fields[field]}
              merges={field === 'labels'}
              sides={sides}
              onChange={(piece) => onChange({ ...entry, fields: { ...entry.fields, [field]: piece } })}
            />
          ))}
          <PieceRow
            name={text.pieces.status}
            piece={entry.status}
            sides={sides}
            onChange={(status) => onChange({ ...entry, status })}
          />
          <CommentsRow entry={entry} sides={sides} onChange={onChange} />
        </tbody>
      </table>
      <p className="small-print">{words.matching}</p>
      <div className="strict">
        <Checkbox
          label={words.strict}
          isChecked={entry.strict}
          aria-describedby={strictHint}
          onChange={(event) => onChange({ ...entry, strict: event.target.checked })}
        />
        <p id={strictHint} className="choice-hint">
          {words.strictHint}
        </p>
      </div>
    </div>
  );
}

interface PieceRowProps {
  readonly name: string;
  readonly piece: PieceEntry;
  /** A set has no conflicts: additions and removals of both sides are carried (SPEC G2). */
  readonly merges?: boolean;
  readonly sides: SideNames;
  readonly onChange: (piece: PieceEntry) => void;
}

function PieceRow({ name, piece, merges = false, sides, onChange }: PieceRowProps) {
  return (
    <tr>
      <td>
        <Checkbox label={name} isChecked={piece.on} onChange={(event) => onChange({ ...piece, on: event.target.checked })} />
      </td>
      <td>
        <DirectionSelect
          name={name}
          value={piece.direction}
          sides={sides}
          isDisabled={!piece.on}
          onChange={(direction) => onChange({ ...piece, direction })}
        />
      </td>
      <td>
        {merges && piece.direction === 'both' && <span className="subtle">{words.merges}</span>}
        {!merges && piece.direction === 'both' && (
          <SmallSelect<ConflictPolicy>
            label={words.conflictOf(name)}
            value={piece.conflict}
            isDisabled={!piece.on}
            options={[
              { value: 'newest', label: words.newest },
              { value: 'A', label: words.sideWins(sides.A) },
              { value: 'B', label: words.sideWins(sides.B) },
              { value: 'ask', label: words.ask },
            ]}
            onChange={(conflict) => onChange({ ...piece, conflict })}
          />
        )}
        {piece.direction !== 'both' && (
          <span className="subtle">{words.sourceWins(piece.direction === 'A-to-B' ? sides.A : sides.B)}</span>
        )}
      </td>
    </tr>
  );
}

function CommentsRow({ entry, sides, onChange }: Omit<Props, 'error'>) {
  const { comments } = entry;
  const change = (part: Partial<ContentEntry['comments']>) => onChange({ ...entry, comments: { ...comments, ...part } });
  return (
    <tr>
      <td>
        <Checkbox
          label={text.pieces.comments}
          isChecked={comments.on}
          onChange={(event) => change({ on: event.target.checked })}
        />
        <div className="indented">
          <Checkbox
            label={words.authorLine}
            isChecked={comments.authorLine}
            isDisabled={!comments.on}
            onChange={(event) => change({ authorLine: event.target.checked })}
          />
        </div>
      </td>
      <td>
        <DirectionSelect
          name={text.pieces.comments}
          value={comments.direction}
          sides={sides}
          isDisabled={!comments.on}
          onChange={(direction) => change({ direction })}
        />
      </td>
      <td>
        <span className="subtle">
          {comments.direction === 'both' ? words.newest : words.sourceWins(comments.direction === 'A-to-B' ? sides.A : sides.B)}
        </span>
      </td>
    </tr>
  );
}

interface DirectionProps {
  readonly name: string;
  readonly value: Direction;
  readonly sides: SideNames;
  readonly isDisabled: boolean;
  readonly onChange: (direction: Direction) => void;
}

function DirectionSelect({ name, value, sides, isDisabled, onChange }: DirectionProps) {
  return (
    <SmallSelect<Direction>
      label={words.directionOf(name)}
      value={value}
      isDisabled={isDisabled}
      options={[
        { value: 'both', label: words.both },
        { value: 'A-to-B', label: words.oneWay(sides.A, sides.B) },
        { value: 'B-to-A', label: words.oneWay(sides.B, sides.A) },
      ]}
      onChange={onChange}
    />
  );
}
