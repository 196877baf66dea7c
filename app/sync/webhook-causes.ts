/**
 * What is to be said of a webhook that does not simply work: a closed list of stable codes with their texts. docs/troubleshooting.md lists
 * each one.
 */
export const WEBHOOK_CAUSES = {
  'webhook-awaited': {
    message:
      'No event of the site has come yet, so its changes are found by asking it every now and then, in seconds to minutes.',
    remedy: 'Edit any work item of the space. If this stays, check that the site can reach the address of Tandem.',
  },
  'webhook-forbidden': {
    message: 'The sync user may not register webhooks there, so a person has to.',
    remedy:
      'Follow the steps, or make the sync user an administrator of that Jira: then Tandem registers it within the hour. Until events come, changes are found by asking.',
  },
  'webhook-not-taken': {
    message:
      'The site does not take the webhook of Tandem: another one of the same sync user is in the way, or there are too many.',
    remedy: 'Follow the steps, or connect by another sync user. Until events come, changes are found by asking.',
  },
  'webhook-silent': {
    message: 'The webhook is registered, and nothing has come although there were changes: the site cannot reach Tandem.',
    remedy:
      'Let the site reach the address of Tandem (firewall, proxy, certificate). Nothing is lost meanwhile: changes are found by asking.',
  },
} as const satisfies Record<string, { message: string; remedy: string }>;

export type WebhookCause = keyof typeof WEBHOOK_CAUSES;
