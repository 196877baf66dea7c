/** The lines of Jira Data Center that the simulated world speaks. */
export type DataCenterVersion = '9.12' | '10.3' | '11.3';

/** What sets one line apart from the others. */
export interface Dialect {
  readonly version: string;
  readonly versionNumbers: readonly [number, number, number];
  readonly buildNumber: number;
  readonly buildDate: string;
  /** Until 9.x webhooks were Jira's own; since 10.0 they are those of Atlassian's common plugin. */
  readonly webhooks: 'own' | 'plugin';
  /** Jira 11 turns it off by default. */
  readonly basicAuthentication: boolean;
}

export const DIALECTS: Readonly<Record<DataCenterVersion, Dialect>> = {
  '9.12': {
    version: '9.12.28',
    versionNumbers: [9, 12, 28],
    buildNumber: 9_120_028,
    buildDate: '2026-03-10T00:00:00.000+0000',
    webhooks: 'own',
    basicAuthentication: true,
  },
  '10.3': {
    version: '10.3.24',
    versionNumbers: [10, 3, 24],
    buildNumber: 10_030_024,
    buildDate: '2026-10-06T00:00:00.000+0000',
    webhooks: 'plugin',
    basicAuthentication: true,
  },
  '11.3': {
    version: '11.3.5',
    versionNumbers: [11, 3, 5],
    buildNumber: 11_030_005,
    buildDate: '2026-10-20T00:00:00.000+0000',
    webhooks: 'plugin',
    basicAuthentication: false,
  },
};
