import { describe, expect, it } from '@jest/globals';
import { html } from './html.ts';

describe('html', () => {
  it('escapes text for elements and for quoted attributes', () => {
    expect(html`<a title="${`"'&<>`}">${'<script>'}</a>`.markup).toBe('<a title="&quot;&#39;&amp;&lt;&gt;">&lt;script&gt;</a>');
  });

  it('takes pieces made by itself as they are, once', () => {
    expect(html`<ul>${['a', '<b>'].map((each) => html`<li>${each}</li>`)}</ul>`.markup).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li></ul>',
    );
  });

  it.each([
    [null, ''],
    [false as const, ''],
    [0, '0'],
    ['', ''],
  ])('renders %p as %p', (part, markup) => {
    expect(html`${part}`.markup).toBe(markup);
  });
});
