import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/find-chromium.ts';

export interface WatchedBrowser {
  /** A window of its own, with cookies of its own. */
  open(): Promise<Page>;
  /** What went wrong in any page since the last call: errors, refused policies, calls that leave this machine. */
  takeTroubles(): readonly string[];
  /** Closes all windows. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Chromium without a window, all of whose pages are watched. */
export async function startWatchedBrowser(): Promise<WatchedBrowser> {
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: FLAGS });
  const troubles: string[] = [];
  const watch = (context: BrowserContext): void => {
    context.on('console', (message) => {
      if (message.type() === 'error') troubles.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => troubles.push(`error: ${error.error().stack ?? error.error().message}`));
    context.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== 'localhost') troubles.push(`leaves this machine: ${request.url()}`);
    });
  };
  return {
    open: async () => {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        reducedMotion: 'reduce',
      });
      watch(context);
      return context.newPage();
    },
    closePages: async () => {
      await Promise.all(browser.contexts().map((context) => context.close()));
    },
    takeTroubles: () => troubles.splice(0),
    close: () => browser.close(),
  };
}
