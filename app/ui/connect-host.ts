import type { Clock } from './browser-clock.ts';
import type { HostBridge } from './host-bridge.ts';

/** The part of Atlassian's `all.js` that we use. The script puts it on the window as `AP`. */
export interface ConnectApi {
  context: { getToken(callback: (token: string) => void): void };
  flag: { create(options: { title: string; body: string; type: string; close: 'auto' | 'manual' }): unknown };
  resize(width: string, height: string): void;
  theming?: { initializeTheming(keepStyles: boolean): void };
}

declare global {
  interface Window {
    AP?: ConnectApi;
  }
}

/** `all.js` never reports failure: when the page is opened outside Jira, its callbacks just stay silent. */
const TOKEN_WAIT_MS = 15_000;

/**
 * The bridge of a Connect iframe.
 * `ap` is null when `all.js` did not load; then there is no token, and the page says so instead of staying blank.
 */
export const connectHost = (ap: ConnectApi | null, clock: Clock): HostBridge => ({
  getToken: () =>
    new Promise((resolve, reject) => {
      if (ap === null) {
        reject(new Error('all.js is missing'));
        return;
      }
      const cancel = clock.after(TOKEN_WAIT_MS, () => reject(new Error('the host gave no token')));
      ap.context.getToken((token) => {
        cancel();
        resolve(token);
      });
    }),
  resize: (height) => ap?.resize('100%', `${height}px`),
  flag: ({ title, body, type }) => {
    ap?.flag.create({ title, body, type, close: type === 'error' ? 'manual' : 'auto' });
  },
  // `true`: when the host has no theme of its own, keep ours instead of removing the theme attributes from <html>.
  startTheming: () => ap?.theming?.initializeTheming(true),
});
