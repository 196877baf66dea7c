import Button from '@atlaskit/button/new';
import SectionMessage from '@atlaskit/section-message';
import type { Refusal } from './api.ts';
import { text } from './text.ts';

interface Props {
  readonly refusal: Refusal;
  /** Offered as a button when trying the same again makes sense. */
  readonly onRetry?: () => void;
}

/** What did not work, what to do about it, and the id under which the server logged it. Announced when it appears. */
export function RefusalMessage({ refusal, onRetry }: Props) {
  return (
    <div role="alert" className="refusal">
      <SectionMessage appearance="error" title={refusal.message}>
        <p>
          {refusal.remedy !== '' && (
            <>
              <strong>{text.failures.whatToDo}</strong> {refusal.remedy}
            </>
          )}
        </p>
        {refusal.problems !== undefined && refusal.problems.length > 0 && (
          <ul>
            {refusal.problems.map((problem) => (
              <li key={`${problem.path} ${problem.message}`}>
                {problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`}
              </li>
            ))}
          </ul>
        )}
        {refusal.requestId !== '' && <p className="small-print">{text.failures.requestId(refusal.requestId)}</p>}
        {onRetry !== undefined && (
          <p>
            <Button spacing="compact" onClick={onRetry}>
              {text.actions.tryAgain}
            </Button>
          </p>
        )}
      </SectionMessage>
    </div>
  );
}
