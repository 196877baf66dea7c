import type { Stage, Step } from './stage.ts';

/** One way from an empty installation to an edit that crosses both ways. */
export interface Flow {
  readonly name: string;
  /** Rows of the list of features that it shows. */
  readonly rows: string;
  run(stage: Stage): Promise<void>;
}

/** What came of a flow. */
export interface FlowReport {
  readonly flow: string;
  readonly rows: string;
  readonly ok: boolean;
  readonly steps: readonly Step[];
  /** Where and why it ended early; null when it did not. */
  readonly failure: string | null;
}
