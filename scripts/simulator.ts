/**
 * `npm run simulator`: the two simulated Jira sites alone, for whoever starts Tandem by hand or writes another client.
 * `--acme`, `--globex`, `--keys` choose ports (0: any free one). `--large` adds 100,000 items to acme,
 * `--rich` three projects to each site, with every kind of field and workflow.
 * `--all` opens the Data Center sites and Atlassian's accounts too, at the ports 3004 to 3006. `--json` prints the addresses
 * as one line of JSON and ends with the program that started it. What can be bent while it runs stands in simulator/README.md (Control API).
 */
import { parseArgs } from 'node:util';
import { createMountPages } from '../simulator/pages/mount-pages.ts';
import { startSimulator } from '../simulator/start-simulator.ts';

const { values } = parseArgs({
  options: {
    acme: { type: 'string', default: '3001' },
    globex: { type: 'string', default: '3002' },
    keys: { type: 'string', default: '3003' },
    large: { type: 'boolean', default: false },
    rich: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const world = await startSimulator({
  world: values.rich ? 'rich' : values.large ? 'large' : 'small',
  ports: { acme: Number(values.acme), globex: Number(values.globex), keyServer: Number(values.keys) },
  pages: createMountPages(),
  ...(values.all ? { dataCenter: { initech: { port: 3004 }, umbrella: { port: 3005 } }, identity: { port: 3006 } } : {}),
});
const { acme, globex } = world.sites;
const { initech, umbrella } = world.dataCenter;
/** By name; none unless `--all` was given. */
const others = Object.entries({ initech: initech?.url, umbrella: umbrella?.url, identity: world.identity?.url }).filter(
  (entry): entry is [string, string] => entry[1] !== undefined,
);

if (values.json) {
  console.log(
    JSON.stringify({ acme: acme.url, globex: globex.url, keyServer: world.keyServerUrl, ...Object.fromEntries(others) }),
  );
  process.stdin.resume().once('end', () => process.exit(0));
} else {
  console.log(`The simulated Jira sites are running.

  acme          ${acme.url}/projects/SUP
  globex        ${globex.url}/projects/ENG
  install keys  ${world.keyServerUrl}${others.map(([name, url]) => `\n  ${name.padEnd(12)}  ${url}`).join('')}

Start Tandem with CONNECT_KEYS_CDN_URL=${world.keyServerUrl}, then install it on each site:
  curl -X POST ${acme.url}/__sim/apps -H 'Content-Type: application/json' -d '{"descriptorUrl":"http://localhost:3000/atlassian-connect.json"}'

The control API is described in simulator/README.md. Stop with Ctrl-C.`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
