import type { PageContext } from '../contract/synchronizations.ts';
import type { Problems, WizardEntry } from './wizard-entry.ts';

/** What each step of the wizard is given. */
export interface StepProps {
  readonly entry: WizardEntry;
  readonly here: PageContext;
  /** Empty until a person tried to go on. */
  readonly problems: Problems;
  readonly onChange: (entry: WizardEntry) => void;
}
