/**
 * `npm run replay -- FILE…` plays recorded Jira webhooks against Tandem and tells what became of each; USAGE has the options.
 * Ends with 0 when every recording was applied or declined with a reason, with 1 when one was not, with 2 when asked wrongly.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatProblems, readConfig } from '../app/config/read-config.ts';
import { type Recording, readRecording } from './replay/recording.ts';
import { findHolder, type ReplayResult, type ReplayWorld, replayRecording } from './replay/replay-recording.ts';
import { openSite } from './replay/simulated-site.ts';
import { tellResult } from './replay/tell-result.ts';
import { startThrowAwayWorld } from './replay/throw-away-world.ts';

const USAGE = `Usage: npm run replay -- [options] FILE…

Plays recorded Jira webhook bodies, unchanged, as if they came from a simulated Jira site: puts the item as the recording shows
it before the event, gives it a twin, puts it as it was after, delivers the body, and tells what Tandem did.

  --site URL       simulated site the recordings come from  (http://localhost:3001, as started by npm start)
  --partner URL    simulated site of the twins              (http://localhost:3002)
  --standalone     use a world of its own that is gone afterwards; also used when nothing runs at the default addresses, and for
                   recordings whose item id the running site has given to another item
  --json           results as JSON, one line for each recording
`;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

interface Options {
  readonly files: readonly string[];
  readonly site: string | undefined;
  readonly partner: string | undefined;
  readonly standalone: boolean;
  readonly json: boolean;
}

function readOptions(): Options | string {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        site: { type: 'string' },
        partner: { type: 'string' },
        standalone: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    if (positionals.length === 0) return 'Name at least one file with a recorded webhook.';
    const { site, partner, standalone, json } = values;
    return { files: positionals, site, partner, standalone, json };
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** Null when no simulated site answers at one of the addresses. */
async function openWorld(site: string, partner: string): Promise<ReplayWorld | null> {
  const opened = await Promise.allSettled([openSite(withoutSlash(site)), openSite(withoutSlash(partner))]);
  const [source, other] = opened;
  return source.status === 'fulfilled' && other.status === 'fulfilled' ? { source: source.value, partner: other.value } : null;
}

interface Place {
  readonly world: ReplayWorld;
  stop(): Promise<void>;
}

async function findPlace(options: Options): Promise<Place | string> {
  const { site = 'http://localhost:3001', partner = 'http://localhost:3002', standalone } = options;
  const running = standalone ? null : await openWorld(site, partner);
  if (running !== null) return { world: running, stop: () => Promise.resolve() };
  const named = options.site !== undefined || options.partner !== undefined;
  if (named && !standalone) {
    return `No simulated sites answer at ${site} and ${partner}. Start them with "npm start", or leave the addresses out to use a world that is gone afterwards.`;
  }
  if (!standalone) say('Nothing runs at http://localhost:3001 and :3002 ("npm start" would), so this uses a world of its own.');
  return startOwnWorld();
}

async function startOwnWorld(): Promise<Place> {
  const file: unknown = JSON.parse(readFileSync(new URL('../config.json', import.meta.url), 'utf8'));
  const read = readConfig({}, file);
  if (!read.ok) throw new Error(formatProblems(read.failure));
  const own = await startThrowAwayWorld(read.value);
  const world = await openWorld(own.sites.source, own.sites.partner);
  if (world === null) throw new Error('The simulated sites of the own world do not answer.');
  // Recordings bring their own spaces, whose ids may be those of the seeded ones.
  for (const { key } of await world.source.projects()) await world.source.forgetSpace(key);
  return { world, stop: () => own.stop() };
}

/** The place for a recording: the running world, unless an item there has the id of the recorded one. */
async function placeFor(recording: Recording, place: Place, ownPlace: () => Promise<Place>): Promise<Place> {
  const holder = await findHolder(place.world, recording);
  if (holder === null) return place;
  say(`${recording.name}: ${place.world.source.url} has its item id for ${holder}, so it is played in a world of its own.`);
  return ownPlace();
}

async function replayAll(place: Place, { files, json }: Options): Promise<readonly ReplayResult[]> {
  const results: ReplayResult[] = [];
  const own: Place[] = [];
  const ownPlace = async (): Promise<Place> => {
    const [started = await startOwnWorld()] = own;
    own[0] = started;
    return started;
  };
  try {
    for (const file of files) await replayFile(file);
    return results;
  } finally {
    await own[0]?.stop();
  }

  async function replayFile(file: string): Promise<void> {
    const recording = readRecording(file, readFileSync(file, 'utf8'));
    const { world } = await placeFor(recording, place, ownPlace);
    const result = await replayRecording(world, recording);
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${tellResult(result)}\n\n`);
    results.push(result);
  }
}

function tellSum(results: readonly ReplayResult[]): void {
  const count = (verdict: ReplayResult['verdict']): number => results.filter((result) => result.verdict === verdict).length;
  say(
    `${results.length} recordings: ${count('applied')} applied, ${count('unchanged')} with nothing to carry over, ${count('declined')} declined, ${count('parked')} parked, ${count('failed')} failed.`,
  );
}

const options = readOptions();
if (typeof options === 'string') {
  say(`${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  const place = await findPlace(options);
  if (typeof place === 'string') {
    say(place);
    process.exitCode = 2;
  } else {
    try {
      const results = await replayAll(place, options);
      tellSum(results);
      if (results.some(({ verdict }) => verdict === 'failed')) process.exitCode = 1;
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
      process.exitCode = 1;
    } finally {
      await place.stop();
    }
  }
}
