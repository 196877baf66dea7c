import { ErrorMessage, HelperMessage, Label } from '@atlaskit/form';
import { type ReactNode, useId } from 'react';

/** What the control inside has to carry, so that label, hint and error belong to it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly isInvalid: boolean;
}

interface Props {
  readonly label: string;
  readonly hint?: string;
  /** Takes the place of the hint. */
  readonly error?: string | undefined;
  readonly children: (control: ControlProps) => ReactNode;
}

/** A labelled control with a hint or, when something is wrong, what to do about it. */
export function Field({ label, hint, error, children }: Props) {
  const id = useId();
  const messageId = `${id}-message`;
  return (
    <div className="field">
      <Label htmlFor={id}>{label}</Label>
      {children({ id, 'aria-describedby': messageId, isInvalid: error !== undefined })}
      <div id={messageId} aria-live="polite">
        {error !== undefined && <ErrorMessage>{error}</ErrorMessage>}
        {error === undefined && hint !== undefined && <HelperMessage>{hint}</HelperMessage>}
      </div>
    </div>
  );
}
