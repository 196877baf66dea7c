import type { Property } from './property.ts';

/** A worker at rest looks every half a minute in the laboratory; then comes one turn. */
const LONGEST_DUE_MS = 90_000;

export const liveness: Property = {
  name: 'liveness',
  promise: 'While nothing is broken, what is due is taken soon; no error ends a process.',
  check: ({ rest, uncaught }) => [
    ...(rest.oldestDueMs > LONGEST_DUE_MS ? [`a lane had been due for ${Math.round(rest.oldestDueMs / 1000)} s`] : []),
    ...uncaught.map((error) => `nobody caught: ${error}`),
  ],
};
