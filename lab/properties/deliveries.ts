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
  promise: "An event that the app's own write caused wakes nobody, unless it made or moved an item, or edited a comment.",
  check({ deliveries, deeds, calls }) {
    const told = new Set(deliveries.filter(({ isTraced, code }) => isTraced && code === 'queued').map(({ id }) => id)).size;
    // The event of an item that the app made is told to the lane it was made from (SPEC O6), that of a transition and of an edited
    // comment to its own (O10, O11), also if it changed nothing.
    const made = deeds.filter(({ by, kind }) => by === 'app' && kind === 'created').length;
    const moved = calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/transitions')).length;
    const edited = calls.filter(({ method, path }) => method === 'PUT' && /\/comment\/\d+$/.test(path)).length;
    return told > made + moved + edited
      ? [
          `${told} events of the app's own writes were told, though it made ${made} items, moved ${moved} and edited ${edited} comments`,
        ]
      : [];
  },
};
