import { describe, expect, it } from '@jest/globals';
import { describeStartFailure } from './describe-start-failure.ts';

const failure = (message: string, parts: object): Error => Object.assign(new Error(message), parts);
const refused = failure('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED', port: 1 });

describe('what stopped the start', () => {
  it.each<[string, unknown, string]>([
    ['a taken port', failure('listen EADDRINUSE', { code: 'EADDRINUSE', port: 3000 }), 'Port 3000 is taken by another program.'],
    ['a database that does not run', refused, 'Check that it runs, and that DATABASE_URL names its host and port.'],
    ['the same, told by Sequelize', failure('connect ECONNREFUSED', { parent: refused }), 'DATABASE_URL'],
    [
      'a host without an address',
      failure('getaddrinfo ENOTFOUND db', { parent: failure('', { code: 'ENOTFOUND' }) }),
      'ENOTFOUND db',
    ],
    ['a cut connection', failure('Connection terminated', { name: 'SequelizeConnectionError' }), 'Check DATABASE_URL'],
    ['anything else', new Error('The database is newer than this version.'), 'The database is newer than this version.'],
    ['no error at all', 'odd', 'odd'],
  ])('says of %s what to do', (_name, error, expected) => {
    expect(describeStartFailure(error)).toContain(expected);
  });
});
