/**
 * `npm run simulator`: the two simulated Jira sites alone, for whoever starts Tandem by hand or writes another client.
 * `--acme`, `--globex`, `--keys` choose ports (0: any free one). `--large` adds 100,000 items to acme. `--json` prints the addresses
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
    json: { type: 'boolean', default: false },
  },
});

const world = await startSimulator({
  world: values.large ? 'large' : 'small',
  ports: { acme: Number(values.acme), globex: Number(values.globex), keyServer: Number(values.keys) },
  pages: createMountPages(),
});
const { acme, globex } = world.sites;

if (values.json) {
  console.log(JSON.stringify({ acme: acme.url, globex: globex.url, keyServer: world.keyServerUrl }));
  process.stdin.resume().once('end', () => process.exit(0));
} else {
  console.log(`Two simulated Jira sites are running.

  acme          ${acme.url}/projects/SUP
  globex        ${globex.url}/projects/ENG
  install keys  ${world.keyServerUrl}

Start Tandem with CONNECT_KEYS_CDN_URL=${world.keyServerUrl}, then install it on each site:
  curl -X POST ${acme.url}/__sim/apps -H 'Content-Type: application/json' -d '{"descriptorUrl":"http://localhost:3000/atlassian-connect.json"}'

The control API is described in simulator/README.md. Stop with Ctrl-C.`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
