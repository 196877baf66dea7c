import { fail, type Result } from '../core/failure.ts';
import type { ConnectionId, FieldId, IssueId, SynchronizationId, TenantId } from '../core/ids.ts';
import type { Item } from '../core/item.ts';
import type { CreationRequest, Jira, MadeItem, Purpose, Sites, Trace } from './ports.ts';

export interface SharingPorts {
  readonly sites: Sites;
  readonly clock: { now(): number; sleepUntil(at: number): Promise<void> };
  /** The trace of a call that makes several items for a synchronization. */
  readonly makeSharedTrace: (siteTenantId: TenantId, synchronizationId: SynchronizationId) => Trace;
}

/** Jira's limits for one call. */
const MOST_READ = 100;
const MOST_MADE = 50;
/** How long work that nobody waits for lets others join its call. */
const PATIENCE_MS = 5;
/** A person's edit waits for nobody: this many steps of those who go on from the same answer of the database, no time at all. */
const STEPS = 10;
/**
 * Whoever asked had its lane then. A process that was held up for longer in between may have lost it; less than that is covered by the ten
 * seconds in which an heir waits for what is under way (SPEC R4).
 */
const LONGEST_WAIT_MS = 1_000;

interface Reading {
  readonly jira: Jira;
  readonly group: string;
  readonly issueId: IssueId;
  readonly fields: readonly FieldId[];
}

interface Making {
  readonly jira: Jira;
  readonly group: string;
  readonly askedAt: number;
  readonly siteTenantId: TenantId;
  readonly request: CreationRequest;
}

/**
 * The same sites, where turns that read an item or make one at the same moment share a call: same connection, same account, same kind of
 * work. Each turn is as if it were alone: what it asked for alone is what it hears. Reads save points (1 and 1 an item, instead of 2);
 * creations save calls.
 */
export function shareCalls({ sites, clock, makeSharedTrace }: SharingPorts): Sites {
  const steps = async (): Promise<void> => {
    for (let step = 0; step < STEPS; step++) await Promise.resolve();
  };
  const patience = (): Promise<void> => clock.sleepUntil(clock.now() + PATIENCE_MS);
  const sharing = (join: () => Promise<void>) => ({
    read: collect<Reading, Result<Item>>({ most: MOST_READ, join, carryOut: readTogether }),
    make: collect<Making, Result<MadeItem>>({
      most: MOST_MADE,
      join,
      carryOut: (asks) => makeTogether(asks, clock.now(), makeSharedTrace),
    }),
  });
  const floors = whileUnderWay<Result<number>>();
  const [hurried, patient] = [sharing(steps), sharing(patience)];

  const share = (jira: Jira, siteTenantId: TenantId, connectionId: ConnectionId, { payer, work }: Purpose): Jira => {
    const account = `${connectionId} ${payer} ${work}`;
    const { read, make } = work === 'edit' ? hurried : patient;
    return {
      ...jira,
      newestNumber: (projectKey) => floors(`${account} ${projectKey}`, () => jira.newestNumber(projectKey)),
      readItem: (issueId, fields) => read({ jira, group: `${account} ${fields.join()}`, issueId, fields }),
      createItem(request) {
        const group = `${account} ${request.mark.synchronizationId}`;
        return make({ jira, group, askedAt: clock.now(), siteTenantId, request });
      },
    };
  };
  return {
    async reach(siteTenantId, connectionId, purpose) {
      const jira = await sites.reach(siteTenantId, connectionId, purpose);
      return jira === null || purpose === undefined ? jira : share(jira, siteTenantId, connectionId, purpose);
    },
  };
}

async function readTogether(asks: readonly Reading[]): Promise<readonly Result<Item>[]> {
  const [first] = asks;
  if (first === undefined) return [];
  const { jira, fields } = first;
  const issueIds = [...new Set(asks.map(({ issueId }) => issueId))];
  if (issueIds.length === 1) {
    const alone = await jira.readItem(first.issueId, fields);
    return asks.map(() => alone);
  }
  const read = await jira.readItems(issueIds, fields);
  return asks.map(({ issueId }) => (read.ok ? (read.value.get(issueId) ?? fail({ kind: 'missing' })) : read));
}

const HELD_UP: Result<never> = fail({ kind: 'unavailable', detail: 'held up before the write' });

async function makeTogether(
  asks: readonly Making[],
  now: number,
  makeSharedTrace: SharingPorts['makeSharedTrace'],
): Promise<readonly Result<MadeItem>[]> {
  const inTime = asks.filter(({ askedAt }) => now - askedAt <= LONGEST_WAIT_MS);
  const [first] = inTime;
  if (first === undefined) return asks.map(() => HELD_UP);
  const { jira, siteTenantId, request } = first;
  const made =
    inTime.length === 1
      ? [await jira.createItem(request)]
      : await jira.createItems(
          inTime.map((one) => one.request),
          makeSharedTrace(siteTenantId, request.mark.synchronizationId),
        );
  const answers = new Map(inTime.map((ask, place) => [ask, made[place]]));
  return asks.map((ask) => answers.get(ask) ?? HELD_UP);
}

interface Collecting<Ask, Answer> {
  readonly most: number;
  /** How long to let others join. */
  readonly join: () => Promise<void>;
  /** Answers in the order of the asks. */
  readonly carryOut: (asks: readonly Ask[]) => Promise<readonly Answer[]>;
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Who asks while the same is being asked hears that answer too: of a number that only grows an older one serves as a place to begin. */
function whileUnderWay<Answer>(): (name: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (name, ask) => {
    const known = asked.get(name);
    if (known !== undefined) return known;
    const asking = ask().finally(() => asked.delete(name));
    asked.set(name, asking);
    return asking;
  };
}

/** Asks of one group that come in while the first lets others join are carried out together; groups and calls do not wait for each other. */
function collect<Ask extends { readonly group: string }, Answer>({ most, join, carryOut }: Collecting<Ask, Answer>) {
  const groups = new Map<string, Waiting<Ask, Answer>[]>();

  const settle = async (batch: readonly Waiting<Ask, Answer>[]): Promise<void> => {
    try {
      const answers = await carryOut(batch.map(({ ask }) => ask));
      for (const [place, { resolve, reject }] of batch.entries()) {
        const answer = answers[place];
        if (answer === undefined) reject(new Error(`${batch.length} asks got ${answers.length} answers.`));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const close = (group: string, batch: readonly Waiting<Ask, Answer>[]): void => {
    if (groups.get(group) !== batch) return;
    groups.delete(group);
    void settle(batch);
  };

  return (ask: Ask): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const batch = groups.get(ask.group) ?? [];
      batch.push({ ask, resolve, reject });
      if (batch.length === 1) {
        groups.set(ask.group, batch);
        join().then(() => close(ask.group, batch), reject);
      }
      if (batch.length === most) close(ask.group, batch);
    });
}
