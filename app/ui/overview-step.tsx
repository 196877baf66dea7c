import SectionMessage from '@atlaskit/section-message';
import { choiceOf } from './content-entry.ts';
import { ContentSummary } from './content-summary.tsx';
import { siteName } from './side-names.ts';
import type { StepProps } from './step-props.ts';
import { text } from './text.ts';
import { nameOf, partnerOf, sidesOf } from './wizard-entry.ts';

const words = text.wizard.overview;

/** All of it once more, and what happens next. */
export function OverviewStep({ entry, here }: Pick<StepProps, 'entry' | 'here'>) {
  const partner = partnerOf(entry, here);
  const description = entry.description.trim();
  return (
    <>
      <dl className="facts">
        <dt>{words.thisSpace}</dt>
        <dd>
          {here.projectName} ({here.projectKey}), {siteName(here.siteUrl)}
        </dd>
        <dt>{words.partner}</dt>
        <dd>
          {partner.projectKey}, {entry.partnerKind === 'same-site' ? text.list.thisSite : siteName(partner.siteUrl)}
        </dd>
        <dt>{words.name}</dt>
        <dd>{nameOf(entry, here).trim()}</dd>
        <dt>{words.description}</dt>
        <dd className="as-typed">{description === '' ? <span className="subtle">{words.none}</span> : description}</dd>
      </dl>
      <h2>{words.content}</h2>
      <ContentSummary content={choiceOf(entry.content)} sides={sidesOf(entry, here)} />
      <SectionMessage appearance="information">
        <p>{words.next(partner.projectKey)}</p>
      </SectionMessage>
    </>
  );
}
