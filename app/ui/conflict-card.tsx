import Button from '@atlaskit/button/new';
import { type ReactNode, useId, useState } from 'react';
import { text } from './text.ts';

const words = text.conflicts;

interface Props {
  readonly what: string;
  readonly note: ReactNode;
  /** Null: this space is not shown the value. */
  readonly showLabel: string | null;
  /** Rendered once somebody asks: content is fetched when it is looked at, not before. */
  readonly values: () => ReactNode;
  readonly actions: ReactNode;
}

/** One conflict: what it is about, its values when asked for, and what can be done. */
export function ConflictCard({ what, note, showLabel, values, actions }: Props) {
  const [isShown, setShown] = useState(false);
  const id = useId();
  return (
    <li className="conflict">
      <div className="conflict-line">
        <div className="two-lines">
          <strong id={id}>{what}</strong>
          <span className="subtle">{note}</span>
        </div>
        <div className="row-buttons">
          {showLabel !== null && (
            <Button
              spacing="compact"
              appearance="subtle"
              aria-expanded={isShown}
              aria-describedby={id}
              onClick={() => setShown(!isShown)}
            >
              {isShown ? words.hide : showLabel}
            </Button>
          )}
          {actions}
        </div>
      </div>
      {isShown && values()}
    </li>
  );
}

/** A value under the name of its side. Line breaks stand as they were typed. */
export function ValueBox({ label, value }: { readonly label: string; readonly value: string | null }) {
  return (
    <div className="value-box">
      <h3>{label}</h3>
      {value === null || value === '' ? (
        <p className="subtle">{value === null ? words.notShared : words.emptyValue}</p>
      ) : (
        <p className="as-typed">{value}</p>
      )}
    </div>
  );
}
