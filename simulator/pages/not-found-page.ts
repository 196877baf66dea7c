import { html } from './html.ts';
import type { View } from './layout.ts';
import { page } from './layout.ts';

/** Says what is not there, or not for this person, and leads on. */
export const notFoundPage = (view: View, what: string): string =>
  page(view, 'Not found', html`<h1>Not found</h1><p>${what}</p><p><a href="/">To the start page</a></p>`);

export const notAllowedPage = (view: View, what: string): string =>
  page(
    view,
    'Not allowed',
    html`<h1>Not allowed</h1><p>${what}</p><p>You are ${view.user.displayName}. Choose an administrator at the top right to go on.</p>`,
  );
