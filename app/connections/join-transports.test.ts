import { expect, it } from '@jest/globals';
import { plainTransport } from '../../test/fakes/plain-transport.ts';
import { fail, succeed } from '../core/failure.ts';
import type { ConnectionId, TenantId } from '../core/ids.ts';
import { joinTransports } from './join-transports.ts';
import type { Transports } from './transport.ts';

const SITE = plainTransport('https://jira.example', 'Basic x', 'data-center');
const gone: Transports = { reach: async () => fail('gone') };
const sealed: Transports = { reach: async () => fail('sealed') };
const there: Transports = { reach: async () => succeed(SITE) };

it.each<[string, readonly Transports[], string]>([
  ['there is none', [], 'gone'],
  ['none knows it', [gone, gone], 'gone'],
  ['the second knows it', [gone, there], 'https://jira.example'],
  ['the first knows it and cannot', [sealed, there], 'sealed'],
])('%s', async (_title, all, expected) => {
  const reached = await joinTransports(...all).reach('t' as TenantId, 'c' as ConnectionId);
  expect(reached.ok ? reached.value.baseUrl : reached.failure).toBe(expected);
});
