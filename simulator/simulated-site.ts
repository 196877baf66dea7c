import type { Express } from 'express';
import type { BearerReader } from './cloud/authenticate.ts';
import type { Faults } from './cloud/faults.ts';
import type { ConnectHost } from './connect/connect-host.ts';
import type { ForgeHost } from './forge/forge-host.ts';
import type { Timers } from './heart/clock.ts';
import type { Site } from './heart/site.ts';
import type { CallHttp } from './http-call.ts';
import type { RateLimits } from './limits/rate-limits.ts';
import type { Outbox } from './webhooks/outbox.ts';

/** Settings of a site's HTTP face that may change while it runs. */
export interface SiteControl {
  /** Every REST call waits this long before it is worked on. */
  latencyMs: number;
  /** How far the site's own clock is off; negative: it is slow. */
  skewMs: number;
}

/** One running site of the simulated world, as tests, the control API and the browser pages see it. */
export interface SimulatedSite {
  /** `http://localhost:PORT`, without a slash at the end. */
  readonly url: string;
  /** Answers all calls of the site; the gateway hands those on that come by it. */
  readonly face: Express;
  readonly heart: Site;
  readonly connect: ConnectHost;
  readonly forge: ForgeHost;
  /** Who reads the tokens of calls through the gateway, asked in turn. */
  readonly bearers: readonly BearerReader[];
  readonly webhooks: Outbox;
  readonly faults: Faults;
  readonly control: SiteControl;
  readonly limits: RateLimits;
  /** Of the world's time. */
  readonly timers: Timers;
  /** How the site calls apps. */
  readonly call: CallHttp;
  /** How often the site was started before, with what it is made of saved in between. */
  readonly starts: number;
}

/**
 * The name of the cookie that says who is logged in at a site: its value is an accountId. All sites live on localhost,
 * where cookies do not keep ports apart, hence the site's name in it. REST calls accept it as Jira accepts a browser session.
 */
export const sessionCookie = (site: Site): string => `simulator-session-${site.name}`;

/** Adds more routes to a site's server, after the REST API and before the 404. */
export type MountPages = (server: Express, site: SimulatedSite) => void;
