import type { ProjectId } from '../core/ids.ts';
import type { Copied, InstructionStep, Instructions } from './connection-instructions.ts';
import type { RemoteConnection } from './connection-ports.ts';

/** What only who may configure is shown: with these anybody could send events in the name of the site. */
export interface WebhookSecrets {
  readonly address: string;
  readonly secret: string;
}

/** Data Center asks for a secret since 10.0. */
const SECRETS_SINCE = 10;

/** Whether the site can sign what it sends. Where nobody knows its version yet the secret is offered. */
export const takesSecret = ({ product, version }: Pick<RemoteConnection, 'product' | 'version'>): boolean =>
  product === 'cloud' || version === null || Number.parseInt(version, 10) >= SECRETS_SINCE;

const step = (text: string, ...copy: readonly Copied[]): InstructionStep => ({ text, copy });

const PLACE = {
  cloud: 'Open Settings → System → WebHooks (under Advanced), and press Create a WebHook.',
  'data-center': 'Open Administration → System → WebHooks (under Advanced), and press Create a WebHook.',
} as const;

/**
 * The exact steps by which an administrator makes the site tell us of changes.
 *
 * @param projectIds the spaces that synchronizations use; none: there is nothing to leave out yet
 * @param secrets null: where they would stand they are left out
 */
export function webhookInstructions(
  connection: Pick<RemoteConnection, 'product' | 'version'>,
  projectIds: readonly ProjectId[],
  secrets: WebhookSecrets | null,
): Instructions {
  const isSigned = takesSecret(connection);
  const shown: Copied[] = [
    { label: 'Name', value: 'Tandem' },
    ...(secrets === null ? [] : [{ label: 'URL', value: secrets.address }]),
    ...(secrets === null || !isSigned ? [] : [{ label: 'Secret', value: secrets.secret }]),
  ];
  const fill = isSigned
    ? 'Fill in name, URL and secret, and leave the status Enabled. Without the secret Tandem refuses what comes.'
    : 'Fill in name and URL, and leave the status Enabled. Keep the URL like a password: this version of Jira has no other proof of who sends an event.';
  const jql = projectIds.length === 0 ? [] : [{ label: 'JQL', value: `project in (${projectIds.join(', ')})` }];
  return {
    who: 'An administrator of that Jira.',
    steps: [
      step(`${PLACE[connection.product]} If one with this URL is there already, edit that one.`),
      step(fill, ...shown),
      step('Under Issue related events, tick created, updated and deleted of Issue and of Comment, and nothing else.', ...jql),
      step('Leave Exclude body unticked, and press Create.'),
      step('Edit any work item of the space. Within a minute Tandem shows that the first event has come.'),
    ],
    bringBack: [],
  };
}
