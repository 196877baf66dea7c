import type { AdfNode } from '../heart/adf.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';

/** All text below a node, in reading order: what is shown of a node that we do not know how to draw. */
export const textOf = (node: AdfNode): string => {
  if (node.text !== undefined) return node.text;
  if (node.type === 'hardBreak') return '\n';
  const shown = node.attrs?.text ?? node.attrs?.shortName ?? node.attrs?.url;
  const own = typeof shown === 'string' ? shown : '';
  return own + (node.content ?? []).map(textOf).join('');
};

const attribute = (node: AdfNode, name: string): string => {
  const value = node.attrs?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** Only these may become a link: a `javascript:` url stays plain text. */
const isWebAddress = (url: string): boolean => /^(https?:|mailto:)/i.test(url);

const link = (url: string, label: Html | string): Html =>
  isWebAddress(url) ? html`<a href="${url}" rel="noreferrer noopener">${label}</a>` : html`${label}`;

const MARKS: Readonly<Record<string, (inner: Html, mark: AdfNode) => Html>> = {
  strong: (inner) => html`<strong>${inner}</strong>`,
  em: (inner) => html`<em>${inner}</em>`,
  code: (inner) => html`<code>${inner}</code>`,
  strike: (inner) => html`<s>${inner}</s>`,
  underline: (inner) => html`<u>${inner}</u>`,
  link: (inner, mark) => link(attribute(mark, 'href'), inner),
};

const marked = (node: AdfNode): Html =>
  (node.marks ?? []).reduce((inner, mark) => MARKS[mark.type]?.(inner, mark) ?? inner, html`${node.text ?? ''}`);

const HEADINGS: Readonly<Record<string, (inner: readonly Html[]) => Html>> = {
  1: (inner) => html`<h3 class="adf-1">${inner}</h3>`,
  2: (inner) => html`<h4 class="adf-2">${inner}</h4>`,
};

/** Epoch milliseconds as a string, as a `date` node has them. */
const dayOf = (timestamp: string): string => {
  const at = new Date(Number(timestamp));
  return Number.isNaN(at.getTime()) ? timestamp : at.toISOString().slice(0, 10);
};

const inside = (node: AdfNode): readonly Html[] => (node.content ?? []).map(adfHtml);

const NODES: Readonly<Record<string, (node: AdfNode) => Html>> = {
  doc: (node) => html`${inside(node)}`,
  text: marked,
  hardBreak: () => html`<br>`,
  paragraph: (node) => html`<p>${inside(node)}</p>`,
  heading: (node) => (HEADINGS[attribute(node, 'level')] ?? ((inner) => html`<h5 class="adf-3">${inner}</h5>`))(inside(node)),
  bulletList: (node) => html`<ul>${inside(node)}</ul>`,
  orderedList: (node) => html`<ol>${inside(node)}</ol>`,
  listItem: (node) => html`<li>${inside(node)}</li>`,
  blockquote: (node) => html`<blockquote>${inside(node)}</blockquote>`,
  codeBlock: (node) => html`<pre><code>${textOf(node)}</code></pre>`,
  rule: () => html`<hr>`,
  panel: (node) => html`<div class="adf-panel">${inside(node)}</div>`,
  table: (node) => html`<table class="adf-table"><tbody>${inside(node)}</tbody></table>`,
  tableRow: (node) => html`<tr>${inside(node)}</tr>`,
  tableHeader: (node) => html`<th>${inside(node)}</th>`,
  tableCell: (node) => html`<td>${inside(node)}</td>`,
  mention: (node) => html`<span class="adf-mention">${attribute(node, 'text')}</span>`,
  emoji: (node) => html`${attribute(node, 'text') || attribute(node, 'shortName')}`,
  status: (node) => html`<span class="lozenge">${attribute(node, 'text')}</span>`,
  date: (node) => html`<time>${dayOf(attribute(node, 'timestamp'))}</time>`,
  inlineCard: (node) => link(attribute(node, 'url'), attribute(node, 'url')),
};

/** A rich text as a person sees it. A node type that is not drawn here shows as a box with its name and its text. */
export const adfHtml = (node: AdfNode): Html =>
  NODES[node.type]?.(node) ?? html`<div class="adf-other"><small>${node.type}</small> ${textOf(node)}</div>`;
