import { expect, it } from '@jest/globals';
import { startSimulator } from '../start-simulator.ts';

it('goes on from a saved world: items, tokens, links and webhooks of Data Center', async () => {
  const first = await startSimulator({ dataCenter: { initech: {} } });
  const { initech } = first.dataCenter;
  if (initech === undefined) throw new Error('It was asked for');
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(`${initech.url}/__sim/personal-tokens`, { method: 'POST', headers, body: '{"user":"bkovacs"}' });
  const { token } = (await made.json()) as { token: string };
  const authorized = { ...headers, authorization: `Bearer ${token}` };
  const webhook = JSON.stringify({ name: 'sync', url: 'http://127.0.0.1:1/', events: ['jira:issue_updated'] });
  await fetch(`${initech.url}/rest/jira-webhook/1.0/webhooks`, { method: 'POST', headers: authorized, body: webhook });
  const edit = JSON.stringify({ fields: { description: '{panel}kept{panel}' } });
  await fetch(`${initech.url}/rest/api/2/issue/PLAT-1`, { method: 'PUT', headers: authorized, body: edit });
  const link = JSON.stringify({ name: 'Tandem', redirectUris: ['http://127.0.0.1:1/'] });
  const linked = await fetch(`${initech.url}/__sim/links/oauth2`, { method: 'POST', headers, body: link });
  const { clientId } = (await linked.json()) as { clientId: string };
  const saved = first.save();
  await first.close();

  const second = await startSimulator({ dataCenter: { initech: {} }, saved });
  const again = second.dataCenter.initech;
  const read = async (path: string): Promise<unknown> => (await fetch(`${again?.url}${path}`, { headers: authorized })).json();
  expect(await read('/rest/api/2/issue/PLAT-1')).toMatchObject({ fields: { description: '{panel}kept{panel}' } });
  expect(await read('/rest/jira-webhook/1.0/webhooks')).toMatchObject([{ id: 1, name: 'sync' }]);
  expect(again?.access.links.has(clientId)).toBe(true);
  const other = await fetch(`${again?.url}/__sim/links/oauth2`, { method: 'POST', headers, body: link });
  expect(((await other.json()) as { clientId: string }).clientId).not.toBe(clientId);
  await second.close();
});
