import { describe, expect, it } from '@jest/globals';
import type { Clock } from './browser-clock.ts';
import { type ConnectApi, connectHost } from './connect-host.ts';

/** A clock whose one timer is rung by hand. */
function handClock() {
  const state: { ring: (() => void) | null } = { ring: null };
  const clock: Clock = {
    now: () => 0,
    after: (_ms, action) => {
      state.ring = action;
      return () => {
        state.ring = null;
      };
    },
    every: () => () => undefined,
  };
  return { clock, state };
}

function hostPage(answersWithToken: boolean) {
  const calls: unknown[] = [];
  const ap: ConnectApi = {
    context: { getToken: (callback) => (answersWithToken ? callback('a.b.c') : undefined) },
    flag: { create: (options) => calls.push(['flag', options]) },
    resize: (width, height) => calls.push(['resize', width, height]),
    theming: { initializeTheming: (keep) => calls.push(['theming', keep]) },
  };
  return { ap, calls };
}

describe('connectHost', () => {
  it('gives the host’s token and stops waiting', async () => {
    const { clock, state } = handClock();
    await expect(connectHost(hostPage(true).ap, clock).getToken()).resolves.toBe('a.b.c');
    expect(state.ring).toBeNull();
  });

  it('does not wait for ever for a host that stays silent', async () => {
    const { clock, state } = handClock();
    const token = connectHost(hostPage(false).ap, clock).getToken();
    state.ring?.();
    await expect(token).rejects.toThrow('no token');
  });

  it('without all.js has no token, and shows nothing anywhere', async () => {
    const host = connectHost(null, handClock().clock);
    await expect(host.getToken()).rejects.toThrow('all.js');
    host.resize(10);
    host.flag({ title: 't', body: 'b', type: 'info' });
    host.startTheming();
  });

  it('hands on height, theme and notices; an error stays until it is closed', () => {
    const { ap, calls } = hostPage(true);
    const host = connectHost(ap, handClock().clock);
    host.resize(720);
    host.startTheming();
    host.flag({ title: 't', body: 'b', type: 'success' });
    host.flag({ title: 't', body: 'b', type: 'error' });
    expect(calls).toEqual([
      ['resize', '100%', '720px'],
      ['theming', true],
      ['flag', { title: 't', body: 'b', type: 'success', close: 'auto' }],
      ['flag', { title: 't', body: 'b', type: 'error', close: 'manual' }],
    ]);
  });
});
