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
import { partnerSpaces } from './wizard-draft.ts';

const words = text.wizard;

/** With whom: a space picked from this site, or named on another one. */
export function PartnerStep(props: StepProps) {
  const { draft, onChange } = props;
  return (
    <>
      <Choice
        name="partner-kind"
        legend={words.partnerKind}
        value={draft.partnerKind}
        options={[
          { value: 'same-site', label: words.sameSite },
          { value: 'other-site', label: words.otherSite },
        ]}
        onChange={(partnerKind) => onChange({ ...draft, partnerKind })}
      />
      {draft.partnerKind === 'same-site' ? <SameSite {...props} /> : <OtherSite {...props} />}
    </>
  );
}

function SameSite({ draft, here, problems, onChange }: StepProps) {
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
                value={options.find((option) => option.value === draft.sameSiteKey) ?? null}
                onChange={(option) => onChange({ ...draft, sameSiteKey: option?.value ?? '' })}
              />
            )}
          </Field>
        );
      }}
    </WhenLoaded>
  );
}

function OtherSite({ draft, problems, onChange }: StepProps) {
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
            value={draft.siteUrl}
            onChange={(event) => onChange({ ...draft, siteUrl: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={words.spaceKey} hint={words.spaceKeyHint} error={problems.otherSiteKey}>
        {(control) => (
          <Textfield
            {...control}
            autoComplete="off"
            placeholder={words.spaceKeyPlaceholder}
            value={draft.otherSiteKey}
            onChange={(event) => onChange({ ...draft, otherSiteKey: event.currentTarget.value })}
          />
        )}
      </Field>
    </>
  );
}
