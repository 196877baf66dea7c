import Button from '@atlaskit/button/new';
import type { AnswerBrake, Brake } from '../contract/synchronizations.ts';
import { Dialog } from './dialog.tsx';
import { fullTime, relativeTime } from './relative-time.ts';
import type { RowDialogProps } from './row-dialog.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useSubmit } from './use-submit.ts';

const words = text.brake;

/** What was stopped because it was so much, and the two answers to it. */
export function BrakeDialog({ row, onClose }: RowDialogProps) {
  const { api, host } = useTools();
  const submit = useSubmit();

  const answer = (body: AnswerBrake) =>
    submit.run(
      () => api.answerBrake(row.synchronizationId, body),
      () => {
        host.flag({ ...words.answered[body.answer](row.name), type: 'success' });
        onClose();
      },
    );

  return (
    <Dialog
      title={words.title(row.name)}
      appearance="warning"
      refusal={submit.refusal}
      onClose={onClose}
      closeLabel={words.later}
    >
      {row.brakes.map((brake) => (
        <Stopped
          key={brake.kind}
          brake={brake}
          busy={submit.busy}
          onAnswer={(given) => answer({ kind: brake.kind, answer: given })}
        />
      ))}
      <p className="small-print">{words.restGoesOn}</p>
    </Dialog>
  );
}

interface StoppedProps {
  readonly brake: Brake;
  readonly busy: boolean;
  readonly onAnswer: (answer: AnswerBrake['answer']) => void;
}

function Stopped({ brake, busy, onAnswer }: StoppedProps) {
  const { clock } = useTools();
  const kind = words.kinds[brake.kind];
  const headingId = `stopped-${brake.kind}`;
  return (
    <section className="stopped-kind" aria-labelledby={headingId}>
      <h2 id={headingId}>{kind.heading}</h2>
      <p>
        {kind.happened(brake.counted)}{' '}
        <time dateTime={brake.since} title={fullTime(brake.since, text.locale)}>
          {words.since(relativeTime(brake.since, clock.now(), text.locale, text.list.justNow))}
        </time>
      </p>
      <p>{kind.waiting(brake.waiting)}</p>
      <ul>
        <li>{kind.carryOut}</li>
        <li>{kind.takeBack}</li>
      </ul>
      <div className="stopped-answers">
        <Button appearance="danger" isDisabled={busy} aria-describedby={headingId} onClick={() => onAnswer('carry-out')}>
          {words.carryOut}
        </Button>
        <Button appearance="primary" isDisabled={busy} aria-describedby={headingId} onClick={() => onAnswer('take-back')}>
          {kind.takeBackLabel}
        </Button>
      </div>
    </section>
  );
}
