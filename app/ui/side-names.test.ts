import { describe, expect, it } from '@jest/globals';
import { nameSides, namesOf, siteName } from './side-names.ts';

const acme = { siteUrl: 'https://acme.atlassian.net', projectKey: 'SUP' };
const globex = { siteUrl: 'https://globex.atlassian.net/', projectKey: 'ENG' };

describe('siteName', () => {
  it.each([
    ['https://acme.atlassian.net', 'acme.atlassian.net'],
    ['http://localhost:4001/', 'localhost:4001'],
    ['https://work.example.com/jira', 'work.example.com/jira'],
  ])('%s', (url, expected) => {
    expect(siteName(url)).toBe(expected);
  });
});

describe('nameSides', () => {
  it('uses the keys', () => {
    expect(nameSides(acme, globex)).toEqual({ A: 'SUP', B: 'ENG' });
  });

  it('adds the sites where the keys are the same', () => {
    expect(nameSides(acme, { ...globex, projectKey: 'SUP' })).toEqual({
      A: 'SUP (acme.atlassian.net)',
      B: 'SUP (globex.atlassian.net)',
    });
  });
});

describe('namesOf', () => {
  const partner = { ...globex, projectName: 'Engineering' };
  it.each([
    ['A', { A: 'SUP', B: 'ENG' }],
    ['B', { A: 'ENG', B: 'SUP' }],
  ] as const)('seen from side %s', (side, expected) => {
    expect(namesOf({ side, partner }, acme)).toEqual(expected);
  });
});
