import SectionMessage from '@atlaskit/section-message';
import { choiceOf } from './content-draft.ts';
import { ContentSummary } from './content-summary.tsx';
import { siteName } from './side-names.ts';
import type { StepProps } from './step-props.ts';
import { text } from './text.ts';
import { nameOf, partnerOf, sidesOf } from './wizard-draft.ts';

const words = text.wizard.overview;

/** All of it once more, and what happens next. */
export function OverviewStep({ draft, here }: Pick<StepProps, 'draft' | 'here'>) {
  const partner = partnerOf(draft, here);
  const description = draft.description.trim();
  return (
    <>
      <dl className="facts">
        <dt>{words.thisSpace}</dt>
        <dd>
          {here.projectName} ({here.projectKey}), {siteName(here.siteUrl)}
        </dd>
        <dt>{words.partner}</dt>
        <dd>
          {partner.projectKey}, {draft.partnerKind === 'same-site' ? text.list.thisSite : siteName(partner.siteUrl)}
        </dd>
        <dt>{words.name}</dt>
        <dd>{nameOf(draft, here).trim()}</dd>
        <dt>{words.description}</dt>
        <dd className="as-typed">{description === '' ? <span className="subtle">{words.none}</span> : description}</dd>
      </dl>
      <h2>{words.content}</h2>
      <ContentSummary content={choiceOf(draft.content)} sides={sidesOf(draft, here)} />
      <SectionMessage appearance="information">
        <p>{words.next(partner.projectKey)}</p>
      </SectionMessage>
    </>
  );
}
