import type { PageContext } from '../contract/synchronizations.ts';
import type { Problems, WizardDraft } from './wizard-draft.ts';

/** What each step of the wizard is given. */
export interface StepProps {
  readonly draft: WizardDraft;
  readonly here: PageContext;
  /** Empty until a person tried to go on. */
  readonly problems: Problems;
  readonly onChange: (draft: WizardDraft) => void;
}
