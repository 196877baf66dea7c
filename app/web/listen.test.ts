import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import express from 'express';
import { listen } from './listen.ts';

describe('listen', () => {
  it('takes a free port, answers, and closes after the last answer', async () => {
    const app = express();
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    app.get('/slow', async (_request, response) => {
      entered.resolve();
      await gate.promise;
      response.send('done');
    });
    const listening = await listen(app, 0, 'this-machine');
    const answer = fetch(`http://127.0.0.1:${listening.port}/slow`, { headers: { connection: 'close' } });
    await entered.promise;
    const closed = listening.close();
    gate.resolve();
    expect(await (await answer).text()).toBe('done');
    await closed;
    await expect(fetch(`http://127.0.0.1:${listening.port}/slow`)).rejects.toThrow();
  });

  it('says when the port is taken', async () => {
    const { createServer } = await import('node:net');
    const other = createServer().listen(0);
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(listen(express(), port, 'everybody')).rejects.toThrow('EADDRINUSE');
    other.close();
  });
});
