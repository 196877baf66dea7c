import type { Property } from './property.ts';

export const onceEach: Property = {
  name: 'P3',
  promise: 'A delivery that comes twice counts once.',
  check({ deliveries }) {
    const queued = deliveries.filter(({ code, id }) => code === 'queued' && id !== '').map(({ id }) => id);
    const twice = new Set(queued.filter((id, place) => queued.indexOf(id) !== place));
    return [...twice].map((id) => `the delivery ${id} was taken for news twice`);
  },
};

/** Fewer could by chance all have been of items that the app had made, whose events are told to the lane they were made from. */
const ENOUGH_TRACED = 8;

export const echoesRest: Property = {
  name: 'P4',
  promise: "An event that the app's own write caused wakes nobody.",
  check({ deliveries }) {
    const traced = deliveries.filter(({ isTraced }) => isTraced);
    return traced.length >= ENOUGH_TRACED && traced.every(({ code }) => code !== 'echo')
      ? [`none of ${traced.length} events that the app's own writes caused was known for an echo`]
      : [];
  },
};
