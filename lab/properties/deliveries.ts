import type { Property } from './property.ts';

export const onceEach: Property = {
  name: 'bijection',
  promise: 'A delivery that comes twice counts once.',
  check({ deliveries }) {
    const queued = deliveries.filter(({ code, id }) => code === 'queued' && id !== '').map(({ id }) => id);
    const twice = new Set(queued.filter((id, place) => queued.indexOf(id) !== place));
    return [...twice].map((id) => `the delivery ${id} was taken for news twice`);
  },
};

export const echoesRest: Property = {
  name: 'no-loops',
  promise: "An event that the app's own write caused wakes nobody, unless it made or moved an item.",
  check({ deliveries, deeds }) {
    const queued = new Set(deliveries.filter(({ isTraced, code }) => isTraced && code === 'queued').map(({ id }) => id));
    // The event of an item that the app made is told to the lane it was made from (SPEC O6), that of a transition to its own (O11).
    const told = deeds.filter(({ by, kind, fields }) => by === 'app' && (kind === 'created' || 'status' in fields)).length;
    return queued.size > told
      ? [`${queued.size} events of the app's own writes were told, of which ${told} could be of items made or moved`]
      : [];
  },
};
