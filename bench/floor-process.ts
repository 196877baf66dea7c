/**
 * The floor: what nobody can beat who receives a webhook and writes the change to the other site. One HTTP server, no check of
 * the caller, no storage, no read, no echo to recognise: the summary of the event goes to the item at the target whose id is
 * larger by a fixed number. Started by floor.ts; prints its address.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const [targetUrl = '', authorization = '', idOffset = '0'] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 128 });

function write(id: string, summary: string): void {
  const body = JSON.stringify({ fields: { summary } });
  const headers = { authorization, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  http
    .request(`${targetUrl}/rest/api/3/issue/${id}`, { method: 'PUT', agent, headers }, (response) => response.resume())
    .on('error', (error) => {
      throw error;
    })
    .end(body);
}

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/descriptor') {
      response.end(JSON.stringify(descriptor));
      return;
    }
    response.end('{}');
    if (request.url !== '/webhook') return;
    const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { issue: { id: string; fields: { summary: string } } };
    write(String(Number(event.issue.id) + Number(idOffset)), event.issue.fields.summary);
  });
});
server.keepAliveTimeout = 60_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
const descriptor = {
  key: 'floor',
  name: 'Floor',
  baseUrl,
  apiVersion: 1,
  authentication: { type: 'jwt' },
  scopes: ['READ'],
  lifecycle: { installed: '/installed' },
  modules: { webhooks: [{ event: 'jira:issue_updated', url: '/webhook' }] },
};
console.log(JSON.stringify({ baseUrl }));
process.stdin.resume().once('end', () => process.exit(0));
