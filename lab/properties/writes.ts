import type { SeenCall } from '../calls.ts';
import type { Evidence } from '../evidence.ts';
import type { Property } from './property.ts';
import { livingPairs } from './twins.ts';

/** Reads that Jira wants as POST. */
const READS = ['/search/jql', '/issue/bulkfetch', '/comment/list', '/permissions/check'];

const isWrite = ({ method, path }: SeenCall): boolean =>
  method !== 'GET' && !READS.some((read) => path.split('?')[0]?.endsWith(read));

const isDone = ({ status }: SeenCall): boolean => status !== null && status < 300;

const traceOf = ({ headers }: SeenCall): string | undefined => headers['x-atlassian-webhook-trace'];

/** Those that a write is traced to. Creations in bulk share a trace that names none; each item carries its own mark instead. */
const effectsOf = (call: SeenCall, { effectOf }: Evidence): readonly string[] => {
  if (call.path.endsWith('/issue/bulk'))
    return [...call.body.matchAll(/"effectId":"([^"]+)"/g)].map(([, effect]) => effect ?? '');
  const effect = effectOf(traceOf(call) ?? '');
  return effect === null ? [] : [effect];
};

const describe = ({ method, path, at }: SeenCall): string => `${method} ${path} at ${new Date(at).toISOString()}`;

/** A write for each act, and as much again for answers that were lost, refused fields and conflicts. */
const WRITES_AN_ACT = 3;
const WRITES_A_PAIR = 4;
const FREE_WRITES = 20;

export const noLoops: Property = {
  name: 'no-loops',
  promise: 'The app comes to rest, writes nothing for a day then, and never writes much more than people do.',
  check(evidence) {
    const { rest, calls, deeds } = evidence;
    const people = deeds.filter(({ by }) => by === 'person').length;
    const byApp = deeds.filter(({ by }) => by === 'app').length;
    const most = WRITES_AN_ACT * people + WRITES_A_PAIR * livingPairs(evidence).length + FREE_WRITES;
    return [
      ...(rest.isRest ? [] : [`it never came to rest: ${unrested(evidence)}`]),
      ...calls
        .filter((call) => call.at > rest.at && isWrite(call))
        .slice(0, 3)
        .map((call) => `wrote after it had come to rest: ${describe(call)}`),
      ...(byApp > most ? [`wrote ${byApp} times for ${people} acts of people`] : []),
    ];
  },
};

const unrested = ({ tables }: Evidence): string =>
  JSON.stringify(
    [...tables.lanes.values()]
      .filter(({ dueAt, state }) => dueAt !== null && state !== 'watching')
      .slice(0, 3)
      .map(({ subject, dueAt, leaseUntil, attempts }) => ({ subject, dueAt, leaseUntil, attempts })),
  );

export const audit: Property = {
  name: 'audit',
  promise: 'Every write is explained by one recorded effect.',
  check(evidence) {
    const { calls, tables } = evidence;
    const known = new Set([...tables.effects.values()].map(({ effect }) => String(effect.effectId)));
    const times = new Map<string, number>();
    const found: string[] = [];
    for (const call of calls.filter(isWrite)) {
      const effects = effectsOf(call, evidence);
      if (effects.length === 0) found.push(`no trace: ${describe(call)}`);
      for (const effect of effects) {
        if (!known.has(effect)) found.push(`no such effect ${effect}: ${describe(call)}`);
        else if (isDone(call)) times.set(effect, (times.get(effect) ?? 0) + 1);
      }
    }
    return [
      ...found,
      ...[...times].filter(([, count]) => count > 1).map(([effect, count]) => `${count} writes for the effect ${effect}`),
    ];
  },
};
