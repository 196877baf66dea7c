import SectionMessage from '@atlaskit/section-message';
import Select from '@atlaskit/select';
import Textfield from '@atlaskit/textfield';
import { useCallback } from 'react';
import { Choice } from './choice.tsx';
import { Field } from './field.tsx';
import type { StepProps } from './step-props.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { WhenLoaded } from './when-loaded.tsx';
import { partnerSpaces } from './wizard-entry.ts';

const words = text.wizard;

/** With whom: a space picked from this site, or named on another one. */
export function PartnerStep(props: StepProps) {
  const { entry, onChange } = props;
  return (
    <>
      <Choice
        name="partner-kind"
        legend={words.partnerKind}
        value={entry.partnerKind}
        options={[
          { value: 'same-site', label: words.sameSite },
          { value: 'other-site', label: words.otherSite },
        ]}
        onChange={(partnerKind) => onChange({ ...entry, partnerKind })}
      />
      {entry.partnerKind === 'same-site' ? <SameSite {...props} /> : <OtherSite {...props} />}
    </>
  );
}

function SameSite({ entry, here, problems, onChange }: StepProps) {
  const { api } = useTools();
  const [spaces, retry] = useLoaded(useCallback(() => api.listSpaces(), [api]));
  return (
    <WhenLoaded loaded={spaces} loadingLabel={words.loadingSpaces} onRetry={retry}>
      {(all) => {
        const options = partnerSpaces(all, here).map((space) => ({
          value: space.projectKey,
          label: `${space.name} (${space.projectKey})`,
        }));
        if (options.length === 0) {
          return (
            <SectionMessage appearance="information">
              <p>{words.noSpaces}</p>
            </SectionMessage>
          );
        }
        return (
          <Field label={words.space} hint={words.spaceHint} error={problems.sameSiteKey}>
            {({ id, isInvalid, ...control }) => (
              <Select<{ value: string; label: string }>
                inputId={id}
                {...control}
                isInvalid={isInvalid}
                aria-invalid={isInvalid}
                placeholder={words.spacePlaceholder}
                menuPosition="fixed"
                options={options}
                value={options.find((option) => option.value === entry.sameSiteKey) ?? null}
                onChange={(option) => onChange({ ...entry, sameSiteKey: option?.value ?? '' })}
              />
            )}
          </Field>
        );
      }}
    </WhenLoaded>
  );
}

function OtherSite({ entry, problems, onChange }: StepProps) {
  return (
    <>
      <Field label={words.siteUrl} hint={words.siteUrlHint} error={problems.siteUrl}>
        {(control) => (
          <Textfield
            {...control}
            type="url"
            inputMode="url"
            autoComplete="off"
            placeholder={words.siteUrlPlaceholder}
            value={entry.siteUrl}
            onChange={(event) => onChange({ ...entry, siteUrl: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={words.spaceKey} hint={words.spaceKeyHint} error={problems.otherSiteKey}>
        {(control) => (
          <Textfield
            {...control}
            autoComplete="off"
            placeholder={words.spaceKeyPlaceholder}
            value={entry.otherSiteKey}
            onChange={(event) => onChange({ ...entry, otherSiteKey: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}
