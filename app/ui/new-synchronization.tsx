import Button from '@atlaskit/button/new';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { PageContext } from '../contract/synchronizations.ts';
import { ContentEditor } from './content-editor.tsx';
import { NameStep } from './name-step.tsx';
import { OverviewStep } from './overview-step.tsx';
import { PartnerStep } from './partner-step.tsx';
import { RefusalMessage } from './refusal-message.tsx';
import type { StepProps } from './step-props.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useSubmit } from './use-submit.ts';
import { emptyEntry, partnerOf, problemsOf, requestOf, STEPS, type Step, sidesOf } from './wizard-entry.ts';

const words = text.wizard;

interface Props {
  readonly here: PageContext;
  readonly onClose: () => void;
}

/** Four steps to a request: partner, name, content, overview. Enter goes on; nothing is lost by going back. */
export function NewSynchronization({ here, onClose }: Props) {
  const { api, host } = useTools();
  const submit = useSubmit();
  const [entry, setEntry] = useState(emptyEntry);
  const [index, setIndex] = useState(0);
  const [tried, setTried] = useState(false);
  const form = useFocusOnFirstProblem();
  const step = STEPS[index] ?? 'overview';
  const problems = problemsOf(step, entry, here);
  const heading = useFocusOnStep(step);

  const go = (to: number) => {
    setIndex(to);
    setTried(false);
  };
  const send = () =>
    submit.run(
      () => api.createSynchronization(requestOf(entry, here)),
      () => {
        host.flag({ ...words.sent(partnerOf(entry, here).projectKey), type: 'success' });
        onClose();
      },
    );
  const forward = (event: FormEvent) => {
    event.preventDefault();
    if (Object.keys(problems).length > 0) {
      setTried(true);
      form.focus();
    } else if (step === 'overview') send();
    else go(index + 1);
  };

  return (
    <form ref={form.ref} className="wizard" noValidate onSubmit={forward} aria-labelledby="wizard-title">
      <p className="subtle">
        <span id="wizard-title">{words.title}</span> · {words.progress(index + 1, STEPS.length)}: {words.steps[step]}
      </p>
      <h1 ref={heading} tabIndex={-1}>
        {words.headings[step]}
      </h1>
      {submit.refusal !== null && <RefusalMessage refusal={submit.refusal} />}
      <StepBody step={step} entry={entry} here={here} problems={tried ? problems : {}} onChange={setEntry} />
      <div className="wizard-buttons">
        <Button appearance="subtle" onClick={onClose}>
          {text.actions.cancel}
        </Button>
        <span className="spacer" />
        {index > 0 && <Button onClick={() => go(index - 1)}>{text.actions.back}</Button>}
        <Button type="submit" appearance="primary" isLoading={submit.busy}>
          {step === 'overview' ? text.actions.sendRequest : text.actions.next}
        </Button>
      </div>
    </form>
  );
}

function StepBody({ step, ...props }: StepProps & { step: Step }) {
  const { entry, here, problems, onChange } = props;
  switch (step) {
    case 'partner':
      return <PartnerStep {...props} />;
    case 'name':
      return <NameStep {...props} />;
    case 'content':
      return (
        <ContentEditor
          entry={entry.content}
          sides={sidesOf(entry, here)}
          onChange={(content) => onChange({ ...entry, content })}
          error={problems.content}
        />
      );
    case 'overview':
      return <OverviewStep entry={entry} here={here} />;
  }
}

/** A new step is announced by moving focus to its heading; otherwise focus would stay on a button that means something else now. */
function useFocusOnStep(step: Step) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The step is not read: its change is what moves the focus.
  useEffect(() => heading.current?.focus(), [step]);
  return heading;
}

/** Puts the cursor into the first control that is marked invalid, once the marks are on the page. */
function useFocusOnFirstProblem() {
  const ref = useRef<HTMLFormElement>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (round > 0) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [round]);
  return { ref, focus: () => setRound((before) => before + 1) };
}
