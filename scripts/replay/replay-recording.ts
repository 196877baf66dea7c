import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { HistoryLine, SynchronizationRow } from '../../app/contract/synchronizations.ts';
import { EVERYTHING, type PageApi, synchronizeSpaces } from '../page-api.ts';
import { differingPieces } from './compare-twin.ts';
import type { Json, RecordedItem, Recording, SpacePlan } from './recording.ts';
import type { ReplaySite } from './simulated-site.ts';

/** The two sites between which recordings are played: they come from `source`. */
export interface ReplayWorld {
  readonly source: ReplaySite;
  readonly partner: ReplaySite;
}

export interface Delivery {
  readonly outcome: 'accepted' | 'declined';
  readonly code: string;
  readonly reason: string;
}

/** What became of the twin. `different` names the pieces in which it is not as its source. */
export interface TwinCheck {
  readonly key: string;
  readonly sourceIsGone: boolean;
  readonly different: readonly string[];
}

export type Verdict =
  /** The change arrived at the twin. */
  | 'applied'
  /** Looked at; nothing that is synchronized had changed. */
  | 'unchanged'
  /** Not acted on, for the reason that the answer or the history gives. */
  | 'declined'
  /** Some piece waits for a person, with cause and remedy. */
  | 'parked'
  /** No answer, no trace of the work, or a twin that differs without a reason. */
  | 'failed';

export interface ReplayResult {
  readonly name: string;
  readonly event: string;
  readonly verdict: Verdict;
  readonly delivery: Delivery | null;
  readonly history: readonly HistoryLine[];
  readonly twin: TwinCheck | null;
  readonly changed: readonly string[];
  readonly remarks: readonly string[];
}

/** Marks the spaces that replays made, so that a later one can clear them away. */
const MARK = ' (recorded)';
const LOOK_EVERY_MS = 40;
const PATIENCE_MS = 20_000;
/** After this, the further look shared a turn with other work, or waits; asking for one more costs little. */
const LOOK_AGAIN_MS = 2_000;

const deliveryAnswer = z.object({ outcome: z.enum(['accepted', 'declined']), code: z.string(), reason: z.string() });
const refusalAnswer = z.object({ error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }) });

/**
 * Plays one recording: puts its item into the state before the event, lets its twin come about, puts it into the state after,
 * sends the recorded body as it stands, and watches what Tandem makes of it. What an earlier replay left is cleared away first;
 * what this one made stays, to be looked at in the browser.
 */
export async function replayRecording(world: ReplayWorld, recording: Recording): Promise<ReplayResult> {
  const { item } = recording;
  if (item === null) return concluded(recording, await deliver(world, recording.body), { history: [], twin: null, remarks: [] });
  const holder = await findHolder(world, recording);
  if (holder !== null) throw new Error(`${world.source.url} has an item with the id ${item.id} already: ${holder}.`);

  const api = await synchronizeRecordedSpace(world, recording.name, item.space);
  const remarks = item.before === null ? [] : await startWith(world, api, item, item.before);
  const earlier = (await readHistory(api)).length;
  if (item.after === null) await world.source.forgetItem(item.id);
  else await world.source.putItem({ id: item.id, key: item.key, fields: item.after });
  const delivery = await deliver(world, recording.body);
  const history = delivery?.outcome === 'accepted' ? await linesSince(world, api, item, earlier) : [];
  return concluded(recording, delivery, {
    history,
    twin: await checkTwin(world, api, item),
    remarks: [...item.madeUp, ...remarks],
  });
}

/**
 * The key of the item that has the id of the recorded one at the site, and would be overwritten; null when there is none. What
 * an earlier replay left does not count: it is cleared away.
 */
export async function findHolder(world: ReplayWorld, { item }: Recording): Promise<string | null> {
  if (item === null) return null;
  await clearAway(world);
  return (await world.source.readItem(item.id))?.key ?? null;
}

/** Deletes the synchronizations and spaces of earlier replays. */
async function clearAway({ source, partner }: ReplayWorld): Promise<void> {
  for (const project of (await source.projects()).filter(({ name }) => name.endsWith(MARK))) {
    const api = await source.pageApi(project);
    const known = await api<{ synchronizations: readonly SynchronizationRow[] }>('GET', '/synchronizations');
    for (const { synchronizationId, status } of known.synchronizations) {
      if (status === 'running') await api('POST', `/synchronizations/${synchronizationId}/stop`);
      await api('DELETE', `/synchronizations/${synchronizationId}`);
    }
    await source.forgetSpace(project.key);
  }
  for (const project of await partner.projects()) if (project.name.endsWith(MARK)) await partner.forgetSpace(project.key);
}

/** The recorded space, its like on the partner's site with other ids, and a running synchronization of everything between them. */
async function synchronizeRecordedSpace({ source, partner }: ReplayWorld, name: string, space: SpacePlan): Promise<PageApi> {
  const like = likeOf(space);
  await source.addSpace({ ...space, name: `${space.name}${MARK}` });
  await partner.addSpace({ ...like, name: `${space.name}${MARK}` });
  const api = await source.pageApi(space);
  const request = {
    partner: { kind: 'other-site' as const, siteUrl: partner.url, projectKey: like.key },
    name: `Replay of ${name}`.slice(0, 120),
    description: '',
    content: EVERYTHING,
  };
  const made = await synchronizeSpaces(api, await partner.pageApi(like), request, 'leave');
  return <Answer>(method: Parameters<PageApi>[0], route: string, body?: unknown) =>
    api<Answer>(method, route.replace(':id', made.synchronizationId), body);
}

const likeOf = (space: SpacePlan): SpacePlan => ({
  id: `77${space.id}`,
  key: `${space.key}X`,
  name: space.name,
  types: space.types.map((type) => ({ ...type, id: `77${type.id}`, statusIds: type.statusIds.map((id) => `77${id}`) })),
  statuses: space.statuses.map((status) => ({ ...status, id: `77${status.id}` })),
  priorities: space.priorities,
});

/** Puts the item as it was before the event and lets its twin come about. @returns why there is none, if there is none */
async function startWith(world: ReplayWorld, api: PageApi, item: RecordedItem, fields: Json): Promise<readonly string[]> {
  await world.source.putItem({ id: item.id, key: item.key, fields });
  await hint(world, item);
  const lines = await linesSince(world, api, item, 0);
  const reasons = lines.map(({ cause }) => (cause === null ? '' : ` ${cause.message} ${cause.remedy}`));
  return lines.some(({ outcome }) => outcome === 'created') ? [] : [`Before the event the item had no twin.${reasons.join('')}`];
}

/** Tells Tandem that the item may have changed, and nothing else. */
async function hint(world: ReplayWorld, item: RecordedItem): Promise<void> {
  const issue = { id: item.id, key: item.key, fields: { project: { id: item.space.id } } };
  await world.source.send(JSON.stringify({ webhookEvent: 'jira:issue_updated', issue }));
}

async function deliver({ source }: ReplayWorld, body: string): Promise<Delivery | null> {
  const sent = await source.send(body);
  if (sent?.status === null || sent === null) return null;
  const json: unknown = sent.answer === '' ? null : JSON.parse(sent.answer);
  const answer = deliveryAnswer.safeParse(json);
  if (answer.success) return answer.data;
  const refusal = refusalAnswer.safeParse(json);
  if (!refusal.success || sent.status >= 500) return null;
  const { code, message, remedy } = refusal.data.error;
  return { outcome: 'declined', code, reason: `${message} ${remedy}` };
}

const readHistory = async (api: PageApi): Promise<readonly HistoryLine[]> =>
  (await api<{ history: readonly HistoryLine[] }>('GET', '/synchronizations/:id/history?limit=200')).history;

/**
 * What the history got after its first `earlier` lines, oldest first, once the work is done. A turn may record its lines in
 * parts; but an item is worked off in one lane, so when one more look at it ends with a line about the item as a whole, all that
 * came before is recorded. A look that comes in the same turn as something else (the event of the twin's creation, which arrives
 * while its comments are copied) ends without such a line: then another one is asked for.
 */
async function linesSince(
  world: ReplayWorld,
  api: PageApi,
  item: RecordedItem,
  earlier: number,
): Promise<readonly HistoryLine[]> {
  const newLines = async (
    isEnough: (history: readonly HistoryLine[]) => boolean,
    patienceMs: number,
  ): Promise<readonly HistoryLine[]> => (await waitForHistory(api, isEnough, patienceMs)).slice(0, -earlier || undefined);
  const first = await newLines((history) => history.length > earlier, PATIENCE_MS);
  if (first.length === 0 || isConclusion(first[0])) return first;
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_AGAIN_MS) {
    await hint(world, item);
    const [own, ...lines] = await newLines((history) => isConclusion(history[0]), LOOK_AGAIN_MS);
    // The further look's own line tells nothing about the event.
    if (isConclusion(own)) return lines.reverse();
  }
  return [];
}

const isConclusion = (line: HistoryLine | undefined): boolean => line?.piece === null && line.outcome !== 'created';

/** The history, newest first, as soon as it is enough, or as it is when patience ends. */
async function waitForHistory(
  api: PageApi,
  isEnough: (history: readonly HistoryLine[]) => boolean,
  patienceMs: number,
): Promise<readonly HistoryLine[]> {
  let history = await readHistory(api);
  for (let waited = 0; !isEnough(history) && waited < patienceMs; waited += LOOK_EVERY_MS) {
    await delay(LOOK_EVERY_MS);
    history = await readHistory(api);
  }
  return history;
}

async function checkTwin({ source, partner }: ReplayWorld, api: PageApi, item: RecordedItem): Promise<TwinCheck | null> {
  const key = (await readHistory(api)).map(({ issueKeys }) => issueKeys.B).find((found) => found !== null) ?? null;
  const twin = key === null ? null : await partner.readItem(key);
  if (key === null || twin === null) return null;
  const shown = await source.readItem(item.id);
  return { key, sourceIsGone: shown === null, different: shown === null ? [] : differingPieces(shown, twin) };
}

const concluded = (
  { name, event, changed }: Recording,
  delivery: Delivery | null,
  found: Pick<ReplayResult, 'history' | 'twin' | 'remarks'>,
): ReplayResult => ({ name, event, verdict: judge(delivery, found), delivery, changed, ...found });

function judge(delivery: Delivery | null, { history, twin }: Pick<ReplayResult, 'history' | 'twin'>): Verdict {
  if (delivery === null) return 'failed';
  if (delivery.outcome === 'declined') return 'declined';
  const had = (...outcomes: readonly string[]): boolean => history.some(({ outcome }) => outcomes.includes(outcome));
  const explained = had('parked', 'declined', 'waiting', 'item-gone');
  if (history.length === 0 || (twin !== null && twin.different.length > 0 && !explained)) return 'failed';
  if (had('parked', 'waiting')) return 'parked';
  if (had('applied', 'created', 'overwritten')) return 'applied';
  return had('declined', 'item-gone') ? 'declined' : 'unchanged';
}
