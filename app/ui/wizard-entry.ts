import type { CreateSynchronization, PageContext, Space } from '../contract/synchronizations.ts';
import { type ContentEntry, choiceOf, defaultContent, isEmpty } from './content-entry.ts';
import { nameSides, type SideNames } from './side-names.ts';
import { text } from './text.ts';

export const STEPS = ['partner', 'name', 'content', 'overview'] as const;
export type Step = (typeof STEPS)[number];

/** Everything the wizard asks, as typed. */
export interface WizardEntry {
  readonly partnerKind: 'same-site' | 'other-site';
  /** Empty until chosen. */
  readonly sameSiteKey: string;
  readonly siteUrl: string;
  readonly otherSiteKey: string;
  /** Null: not touched, the proposed name holds. */
  readonly name: string | null;
  readonly description: string;
  readonly content: ContentEntry;
}

/** What is wrong, by the control it is shown at. */
export type Problems = Partial<Record<'sameSiteKey' | 'siteUrl' | 'otherSiteKey' | 'name' | 'description' | 'content', string>>;

export const emptyEntry = (): WizardEntry => ({
  partnerKind: 'same-site',
  sameSiteKey: '',
  siteUrl: '',
  otherSiteKey: '',
  name: null,
  description: '',
  content: defaultContent(),
});

/** Jira's own default rule for keys. */
const SPACE_KEY = /^[A-Z][A-Z0-9_]*$/;
const LONGEST_KEY = 255;
const LONGEST_NAME = 120;
const LONGEST_DESCRIPTION = 1000;

/**
 * The site's base URL from what a person pastes: scheme optional, anything after the host dropped for Cloud sites (people copy
 * the address of a board), a context path kept for Data Center. Null when it is no web address.
 */
export function normalizeSiteUrl(typed: string): string | null {
  const trimmed = typed.trim();
  const candidate = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(candidate)) return null;
  const url = new URL(candidate);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  const single = !url.hostname.includes('.') && url.hostname !== 'localhost';
  if (single || url.username !== '' || url.password !== '') return null;
  const cloud = url.hostname.endsWith('.atlassian.net') || url.hostname.endsWith('.jira.com');
  return cloud ? url.origin : `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

const normalizeKey = (typed: string): string => typed.trim().toUpperCase();

/** The partner as chosen so far; blanks where nothing is given yet. */
export const partnerOf = (entry: WizardEntry, here: PageContext): { siteUrl: string; projectKey: string } =>
  entry.partnerKind === 'same-site'
    ? { siteUrl: here.siteUrl, projectKey: entry.sameSiteKey }
    : { siteUrl: normalizeSiteUrl(entry.siteUrl) ?? '', projectKey: normalizeKey(entry.otherSiteKey) };

/** A is the side that creates, hence this space. */
export const sidesOf = (entry: WizardEntry, here: PageContext): SideNames => nameSides(here, partnerOf(entry, here));

export function nameOf(entry: WizardEntry, here: PageContext): string {
  if (entry.name !== null) return entry.name;
  const sides = sidesOf(entry, here);
  return `${sides.A} ↔ ${sides.B}`.slice(0, LONGEST_NAME);
}

/** The spaces of this site that can be a partner: all but this one. */
export const partnerSpaces = (spaces: readonly Space[], here: PageContext): readonly Space[] =>
  spaces.filter((space) => space.projectId !== here.projectId);

function partnerProblems(entry: WizardEntry, here: PageContext): Problems {
  const words = text.wizard.problems;
  if (entry.partnerKind === 'same-site') return entry.sameSiteKey === '' ? { sameSiteKey: words.noSpace } : {};
  const problems: Problems = {};
  const site = normalizeSiteUrl(entry.siteUrl);
  if (entry.siteUrl.trim() === '') problems.siteUrl = words.noSite;
  else if (site === null) problems.siteUrl = words.badSite;
  else if (site.toLowerCase() === (normalizeSiteUrl(here.siteUrl) ?? '').toLowerCase()) problems.siteUrl = words.ownSite;
  const key = normalizeKey(entry.otherSiteKey);
  if (key === '') problems.otherSiteKey = words.noKey;
  else if (!SPACE_KEY.test(key) || key.length > LONGEST_KEY) problems.otherSiteKey = words.badKey;
  return problems;
}

function nameProblems(entry: WizardEntry, here: PageContext): Problems {
  const words = text.wizard.problems;
  const problems: Problems = {};
  const name = nameOf(entry, here).trim();
  if (name === '') problems.name = words.noName;
  else if (name.length > LONGEST_NAME) problems.name = words.longName(LONGEST_NAME);
  if (entry.description.trim().length > LONGEST_DESCRIPTION) problems.description = words.longDescription(LONGEST_DESCRIPTION);
  return problems;
}

/** What must be put right before leaving a step; empty when it may be left. */
export function problemsOf(step: Step, entry: WizardEntry, here: PageContext): Problems {
  switch (step) {
    case 'partner':
      return partnerProblems(entry, here);
    case 'name':
      return nameProblems(entry, here);
    case 'content':
      return isEmpty(entry.content) ? { content: text.content.nothingTicked } : {};
    case 'overview':
      return { ...partnerProblems(entry, here), ...nameProblems(entry, here), ...problemsOf('content', entry, here) };
  }
}

/** The request as the server takes it. Call it only when `problemsOf('overview', …)` is empty. */
export function requestOf(entry: WizardEntry, here: PageContext): CreateSynchronization {
  const { siteUrl, projectKey } = partnerOf(entry, here);
  return {
    partner: entry.partnerKind === 'same-site' ? { kind: 'same-site', projectKey } : { kind: 'other-site', siteUrl, projectKey },
    name: nameOf(entry, here).trim(),
    description: entry.description.trim(),
    content: choiceOf(entry.content),
  };
}
