import { Radio } from '@atlaskit/radio';
import { useId } from 'react';

interface Props<T extends string> {
  readonly name: string;
  readonly legend: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly hint?: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, each with a sentence that explains it. */
export function Choice<T extends string>({ name, legend, value, options, onChange }: Props<T>) {
  const id = useId();
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <div key={option.value}>
          <Radio
            name={name}
            value={option.value}
            label={option.label}
            isChecked={option.value === value}
            onChange={() => onChange(option.value)}
            {...(option.hint === undefined ? {} : { 'aria-describedby': `${id}-${option.value}` })}
          />
          {option.hint !== undefined && (
            <p id={`${id}-${option.value}`} className="choice-hint">
              {option.hint}
            </p>
          )}
        </div>
      ))}
    </fieldset>
  );
}
