/**
 * The simulated world in a process of its own, for simulator.ts. It measures what needs no HTTP (operations of the heart, calls in
 * memory, the memory of the world `large`), prints that with the address of a site as one line, and goes on answering.
 */
import { addComment } from '../simulator/heart/comments.ts';
import { editIssue } from '../simulator/heart/edit-issue.ts';
import { findIssue } from '../simulator/heart/find-issue.ts';
import type { Actor, Site } from '../simulator/heart/site.ts';
import { fromWikiText } from '../simulator/heart/wiki-text.ts';
import { type Simulator, startSimulator } from '../simulator/start-simulator.ts';
import { startMemoryWorld } from '../simulator/transport/memory-world.ts';

const OPERATIONS = 100_000;
const CALLS = 5_000;
/** Of a hundred operations; the others are reads. */
const EDITS = 40;
const COMMENTS = 5;

function adminOf(site: Site): Actor {
  const user = [...site.users.values()].find(({ siteAdmin }) => siteAdmin);
  if (user === undefined) throw new Error('The seed world has administrators');
  return { user, through: { kind: 'person' }, trace: null };
}

/** Reads, edits and comments of the heart a second, with index, changelog and listeners. */
function operationsPerSecond({ sites }: Simulator): number {
  const site = sites.acme.heart;
  const actor = adminOf(site);
  const keys = [...site.issues.values()].filter((issue) => issue.key.startsWith('SUP-')).map(({ key }) => key);
  const body = fromWikiText('A remark');
  const began = performance.now();
  for (let n = 0; n < OPERATIONS; n += 1) {
    const found = findIssue(site, actor.user, keys[n % keys.length] ?? '');
    if (!found.ok) throw new Error('The seed world has its items');
    const turn = n % 100;
    if (turn < EDITS) {
      const fields = { summary: `Edit ${n}` };
      editIssue(site, actor, found.value, { fields, update: {}, properties: [] }, 'adf');
    } else if (turn < EDITS + COMMENTS) addComment(site, actor, found.value, { body }, 'adf');
  }
  return OPERATIONS / ((performance.now() - began) / 1000);
}

/** Whole REST calls a second through the network of memory. */
async function memoryCallsPerSecond(): Promise<number> {
  const { network, sites, simulator } = await startMemoryWorld();
  const [acme] = sites;
  const { user } = adminOf(acme.heart);
  const authorization = `Basic ${Buffer.from(`${user.emailAddress}:${user.apiToken}`).toString('base64')}`;
  const url = `${acme.url}/rest/api/3/issue/SUP-1`;
  const call = async (): Promise<void> => {
    const answer = await network.call({ method: 'GET', url, headers: { authorization }, timeoutMs: 10_000 });
    if (answer.status !== 200) throw new Error(`The site answered ${answer.status ?? answer.detail}`);
  };
  const began = performance.now();
  for (let n = 0; n < CALLS; n += 1) await call();
  const perSecond = CALLS / ((performance.now() - began) / 1000);
  await simulator.close();
  return perSecond;
}

const MEGABYTE = 1024 * 1024;
const residentMegabytes = (): number => process.memoryUsage.rss() / MEGABYTE;

// The large world is alone in the process when its memory is read, before and after every item of it was looked at.
const large = process.argv.includes('--large');
const world = await startSimulator(large ? { world: 'large' } : {});
const { acme } = world.sites;
const { user } = adminOf(acme.heart);
const began = performance.now();
const atStart = residentMegabytes();
let items = 0;
if (large) for (const issue of acme.heart.issues.values()) items += issue.key.startsWith('CARE-') ? 1 : 0;
const measured = large
  ? { items, atStart, allMade: residentMegabytes(), msToMakeAll: performance.now() - began }
  : { operations: operationsPerSecond(world), memoryCalls: await memoryCallsPerSecond() };
const authorization = `Basic ${Buffer.from(`${user.emailAddress}:${user.apiToken}`).toString('base64')}`;
console.log(JSON.stringify({ url: acme.url, authorization, ...measured }));
process.stdin.resume().once('end', () => process.exit(0));
