import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

const capture = () => {
  const lines: string[] = [];
  const logger = createLogger('info', {
    write: (line) => {
      lines.push(line);
    },
  });
  return { logger, lines };
};

describe('createLogger', () => {
  it('writes one JSON line with time, level, fields and a message', () => {
    const { logger, lines } = capture();
    logger.child({ laneKey: 'lane-1' }).info({ attempts: 2 }, 'turn ended');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 30, time: expect.stringMatching(/^\d{4}-.*Z$/), laneKey: 'lane-1', attempts: 2, msg: 'turn ended' },
    ]);
  });

  it('leaves out what is below its level', () => {
    const { logger, lines } = capture();
    logger.debug('small');
    expect(lines).toEqual([]);
  });

  it.each([
    'authorization',
    'jwt',
    'token',
    'secret',
    'sharedSecret',
    'sealedSecret',
    'password',
    'cookie',
    'body',
    'headers',
    'query',
  ])('strikes out %s wherever it stands', (name) => {
    const { logger, lines } = capture();
    logger.info({ [name]: 'CANARY', request: { [name]: 'CANARY', inner: { [name]: 'CANARY' } } }, 'careless');
    logger.child({ [name]: 'CANARY' }).info('careless child');
    expect(lines.join('')).not.toContain('CANARY');
    expect(lines[0]).toContain('[redacted]');
  });
});
