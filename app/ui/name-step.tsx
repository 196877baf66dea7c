import TextArea from '@atlaskit/textarea';
import Textfield from '@atlaskit/textfield';
import { Field } from './field.tsx';
import type { StepProps } from './step-props.ts';
import { text } from './text.ts';
import { nameOf } from './wizard-entry.ts';

const words = text.wizard;

/** What it is called. A name is proposed from the two spaces. */
export function NameStep({ entry, here, problems, onChange }: StepProps) {
  return (
    <>
      <Field label={words.name} hint={words.nameHint} error={problems.name}>
        {(control) => (
          <Textfield
            {...control}
            autoComplete="off"
            value={nameOf(entry, here)}
            onChange={(event) => onChange({ ...entry, name: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={words.description} hint={words.descriptionHint} error={problems.description}>
        {(control) => (
          <TextArea
            {...control}
            minimumRows={3}
            value={entry.description}
            onChange={(event) => onChange({ ...entry, description: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}
