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

/** Fewer could by chance all have come while the app could not know whose they are. */
const ENOUGH_TRACED = 8;

export const echoesRest: Property = {
  name: 'P4',
  promise: "An event that the app's own write caused wakes nobody.",
  check({ deliveries, deeds }) {
    const traced = deliveries.filter(({ isTraced }) => isTraced);
    const events = new Set(traced.map(({ id }) => id)).size;
    // The event of an item that the app made is told to the lane it was made from (SPEC O6).
    const made = deeds.filter(({ by, kind }) => by === 'app' && kind === 'created').length;
    return events - made >= ENOUGH_TRACED && traced.every(({ code }) => code !== 'echo')
      ? [`none of ${events} events that the app's own writes caused was known for an echo`]
      : [];
  },
};
