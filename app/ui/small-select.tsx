import Select from '@atlaskit/select';

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface Props<T extends string> {
  /** For screen readers; on screen the column heading says it. */
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly isDisabled: boolean;
  readonly onChange: (value: T) => void;
}

/** A select in a table cell. Its menu is fixed to the window, so that neither a table nor a dialog cuts it off. */
export function SmallSelect<T extends string>({ label, value, options, isDisabled, onChange }: Props<T>) {
  return (
    <Select<Option<T>>
      label={label}
      spacing="compact"
      isDisabled={isDisabled}
      menuPosition="fixed"
      menuPlacement="auto"
      options={options}
      value={options.find((option) => option.value === value) ?? null}
      onChange={(option) => {
        if (option !== null) onChange(option.value);
      }}
    />
  );
}
