import type { StatusCategory } from '../heart/site.ts';

export type RichSiteName = 'acme' | 'globex';

interface Named {
  readonly key: string;
  readonly name: string;
}

/** What the rich projects of a site are called, and the texts of their items. */
export interface RichContent {
  readonly name: RichSiteName;
  /** Ids of statuses, types and projects begin here. */
  readonly firstId: number;
  readonly domain: string;
  readonly software: Named;
  readonly service: Named;
  /** From which an item moved away. */
  readonly former: Named;
  readonly released: StatusCategory['key'];
  /** Left the company; hides the e-mail address; is called like a colleague. */
  readonly people: { readonly gone: string; readonly hidden: string; readonly namesake: string };
  readonly components: readonly [string, string];
  readonly sprints: { readonly closed: string; readonly active: string; readonly future: string };
  readonly items: {
    readonly epic: string;
    readonly story: string;
    readonly finished: string;
    readonly subTask: string;
    readonly bug: string;
    readonly secret: string;
    readonly change: string;
    readonly mistake: string;
    readonly archived: string;
    readonly moved: string;
    readonly left: string;
    readonly request: string;
    readonly answered: string;
  };
}

export const RICH_CONTENT: Readonly<Record<RichSiteName, RichContent>> = {
  acme: {
    name: 'acme',
    firstId: 11_300,
    domain: 'acme.example',
    software: { key: 'SHOP', name: 'Web shop' },
    service: { key: 'DESK', name: 'Customer desk' },
    former: { key: 'OLD', name: 'Shop of 2019' },
    released: 'done',
    people: { gone: 'Oskar Lund', hidden: 'Inês Carvalho', namesake: 'Jonas Okafor' },
    components: ['Checkout', 'Catalogue'],
    sprints: { closed: 'Shop 41', active: 'Shop 42', future: 'Shop 43' },
    items: {
      epic: 'Checkout that works on phones',
      story: 'Keep the cart when the connection is lost',
      finished: 'Show the delivery day before payment',
      subTask: 'Save the cart on the phone',
      bug: 'Paying twice when the button is tapped quickly',
      secret: 'Voucher codes can be guessed',
      change: 'Move payments to the new provider',
      mistake: 'Entered by mistake',
      archived: 'Christmas banner of last year',
      moved: 'Old product links end on the start page',
      left: 'Prices with three decimals on Thai receipts',
      request: 'Order N-4711 shows “paid” but was never sent',
      answered: 'How do I change the billing address?',
    },
  },
  globex: {
    name: 'globex',
    firstId: 12_300,
    domain: 'globex.example',
    software: { key: 'CORE', name: 'Core platform' },
    service: { key: 'HELP', name: 'Help centre' },
    former: { key: 'PROTO', name: 'Prototypes' },
    released: 'indeterminate',
    people: { gone: 'Bruno Keller', hidden: 'Aylin Şahin', namesake: 'Noah Becker' },
    components: ['Scheduler', 'Storage'],
    sprints: { closed: 'Core 17', active: 'Core 18', future: 'Core 19' },
    items: {
      epic: 'Jobs survive the loss of a node',
      story: 'Hand over running jobs before a node is stopped',
      finished: 'Show the age of the queue on the dashboard',
      subTask: 'Measure how long a handover takes',
      bug: 'A job runs twice after the clock was put back',
      secret: 'Support bundles contain access tokens',
      change: 'Upgrade the database of production',
      mistake: 'test test test',
      archived: 'Graphs for the fair in Hanover',
      moved: 'Compress snapshots before they are sent',
      left: 'Scheduler forgets jobs on 29 February',
      request: 'Our nightly import stopped on Friday',
      answered: 'Which ports must our firewall open?',
    },
  },
};
