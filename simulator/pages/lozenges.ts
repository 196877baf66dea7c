import type { Html } from './html.ts';
import { html } from './html.ts';
import type { PageItemRow, PageStatus } from './page-site.ts';

export const statusLozenge = (status: PageStatus): Html =>
  html`<span class="lozenge lozenge-${status.category}">${status.name}</span>`;

export const labelList = (labels: readonly string[]): Html =>
  labels.length === 0
    ? html`<span class="none">None</span>`
    : html`${labels.map((label) => html`<span class="label">${label}</span> `)}`;

export const typeMark = (item: Pick<PageItemRow, 'typeName'>): Html =>
  html`<span class="type type-${item.typeName.toLowerCase().replace(/[^a-z]/g, '')}" title="${item.typeName}">${item.typeName}</span>`;

export const orNone = (value: string | null): Html =>
  value === null || value === '' ? html`<span class="none">None</span>` : html`${value}`;
