import type { ConnectHost } from '../connect/connect-host.ts';
import { signWithSecret } from '../connect/sign.ts';
import type { Clock } from '../heart/clock.ts';
import { type CallHttp, callHttp } from '../http-call.ts';

/** What an app said to a webhook; `status` null when it did not answer. */
export interface WebhookAnswer {
  readonly appKey: string;
  readonly url: string;
  readonly status: number | null;
  readonly answer: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends a body, byte for byte, to the webhook address of every installed app, signed as this site; once, whatever the event is
 * and whether or not the app asked for it, and answers with what the apps said.
 */
export const sendRecorded = (
  connect: ConnectHost,
  clock: Clock,
  body: string,
  identifier: string,
  call: CallHttp = callHttp,
): Promise<readonly WebhookAnswer[]> =>
  Promise.all(
    [...connect.installations.values()]
      .filter(({ enabled, descriptor }) => enabled && descriptor.webhooks.length > 0)
      .map(async ({ descriptor, clientKey, sharedSecret }) => {
        const url = `${descriptor.baseUrl}${descriptor.webhooks[0]?.url ?? ''}`;
        const token = { clientKey, method: 'POST', url, baseUrl: descriptor.baseUrl, now: clock.now() };
        const answer = await call({
          method: 'POST',
          url,
          timeoutMs: TIMEOUT_MS,
          headers: {
            authorization: `JWT ${signWithSecret(token, sharedSecret)}`,
            'content-type': 'application/json',
            'x-atlassian-webhook-identifier': identifier,
          },
          body,
        });
        return answer.status === null
          ? { appKey: descriptor.key, url, status: null, answer: answer.detail }
          : { appKey: descriptor.key, url, status: answer.status, answer: answer.body };
      }),
  );
