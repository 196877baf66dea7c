import { describe, expect, it } from '@jest/globals';
import { createSynchronization } from '../contract/synchronizations.ts';
import { defaultContent } from './content-entry.ts';
import { text } from './text.ts';
import { emptyEntry, nameOf, normalizeSiteUrl, partnerSpaces, problemsOf, requestOf, type WizardEntry } from './wizard-entry.ts';

const here = { siteUrl: 'https://acme.atlassian.net', projectId: '10000', projectKey: 'SUP', projectName: 'Support' };
const words = text.wizard.problems;
const entry = (part: Partial<WizardEntry> = {}): WizardEntry => ({ ...emptyEntry(), ...part });
const other = (siteUrl: string, otherSiteKey: string) => entry({ partnerKind: 'other-site', siteUrl, otherSiteKey });

describe('normalizeSiteUrl', () => {
  it.each([
    ['https://globex.atlassian.net', 'https://globex.atlassian.net'],
    ['  globex.atlassian.net/ ', 'https://globex.atlassian.net'],
    ['https://globex.atlassian.net/jira/software/projects/ENG/boards/1?x=y', 'https://globex.atlassian.net'],
    ['https://GLOBEX.atlassian.net', 'https://globex.atlassian.net'],
    ['https://work.example.com/jira/', 'https://work.example.com/jira'],
    ['http://localhost:4002', 'http://localhost:4002'],
    ['http://127.0.0.1:4002/', 'http://127.0.0.1:4002'],
    ['globex', null],
    ['', null],
    ['not an address', null],
    ['ftp://globex.atlassian.net', null],
    ['javascript://globex.atlassian.net/%0aalert(1)', null],
    ['https://user:secret@globex.atlassian.net', null],
  ])('%s', (typed, expected) => {
    expect(normalizeSiteUrl(typed)).toBe(expected);
  });
});

describe('problemsOf partner', () => {
  it.each([
    ['no space chosen', entry(), { sameSiteKey: words.noSpace }],
    ['a space chosen', entry({ sameSiteKey: 'MKT' }), {}],
    ['nothing typed', other('', ''), { siteUrl: words.noSite, otherSiteKey: words.noKey }],
    ['no web address', other('globex', 'ENG'), { siteUrl: words.badSite }],
    ['this very site', other('ACME.atlassian.net/browse', 'ENG'), { siteUrl: words.ownSite }],
    ['a key with a number, as in a work item', other('globex.atlassian.net', 'ENG-42'), { otherSiteKey: words.badKey }],
    ['a key of one character more than Jira has', other('globex.atlassian.net', 'E'.repeat(256)), { otherSiteKey: words.badKey }],
    ['a key typed in small letters', other('globex.atlassian.net', ' eng '), {}],
  ])('%s', (_name, given, expected) => {
    expect(problemsOf('partner', given, here)).toEqual(expected);
  });
});

describe('problemsOf name', () => {
  it.each([
    ['the proposed name', entry({ sameSiteKey: 'MKT' }), {}],
    ['blanks only', entry({ name: '   ' }), { name: words.noName }],
    ['the longest name', entry({ name: 'x'.repeat(120) }), {}],
    ['one more', entry({ name: 'x'.repeat(121) }), { name: words.longName(120) }],
    ['the longest description', entry({ description: 'x'.repeat(1000) }), {}],
    ['one more there', entry({ description: 'x'.repeat(1001) }), { description: words.longDescription(1000) }],
  ])('%s', (_name, given, expected) => {
    expect(problemsOf('name', given, here)).toEqual(expected);
  });
});

describe('problemsOf content and overview', () => {
  const off = { on: false, direction: 'both', conflict: 'newest' } as const;
  const nothing = {
    fields: { summary: off, description: off, priority: off, labels: off, duedate: off },
    status: off,
    comments: { on: false, direction: 'both', authorLine: true },
    strict: false,
  } as const;

  it('asks for something to synchronize', () => {
    expect(problemsOf('content', entry({ content: nothing }), here)).toEqual({ content: text.content.nothingTicked });
    expect(problemsOf('content', entry({ content: { ...nothing, status: { ...off, on: true } } }), here)).toEqual({});
  });

  it('lets nothing be sent that a step would have stopped', () => {
    expect(problemsOf('overview', entry({ content: nothing, name: '' }), here)).toEqual({
      sameSiteKey: words.noSpace,
      name: words.noName,
      content: text.content.nothingTicked,
    });
  });
});

describe('nameOf', () => {
  it('proposes the two spaces, until a name is typed', () => {
    expect(nameOf(other('globex.atlassian.net', 'eng'), here)).toBe('SUP ↔ ENG');
    expect(nameOf({ ...other('globex.atlassian.net', 'eng'), name: '' }, here)).toBe('');
  });

  it('never proposes more than a name may hold', () => {
    const proposal = other(`https://${'g'.repeat(60)}.${'h'.repeat(60)}.example.com`, 'SUP');
    expect(problemsOf('name', proposal, here)).toEqual({});
  });
});

describe('partnerSpaces', () => {
  it('leaves out this space', () => {
    const support = { projectId: '10000', projectKey: 'SUP', name: 'Support' };
    const marketing = { projectId: '10001', projectKey: 'MKT', name: 'Marketing' };
    expect(partnerSpaces([support, marketing], here)).toEqual([marketing]);
  });
});

describe('requestOf', () => {
  it.each([
    ['this site', entry({ sameSiteKey: 'MKT', name: ' Leads ' }), { kind: 'same-site', projectKey: 'MKT' }, 'Leads'],
    [
      'another site',
      other('globex.atlassian.net/jira', 'eng'),
      { kind: 'other-site', siteUrl: 'https://globex.atlassian.net', projectKey: 'ENG' },
      'SUP ↔ ENG',
    ],
  ])('for %s is what the contract takes', (_name, given, partner, name) => {
    const request = requestOf({ ...given, content: defaultContent() }, here);
    expect(createSynchronization.parse(request)).toEqual(request);
    expect(request).toMatchObject({ partner, name, description: '' });
  });
});
