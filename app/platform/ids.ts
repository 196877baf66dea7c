import { randomUUID } from 'node:crypto';

/** Makes a new id nobody has seen before, as a lower-case uuid. Taken as an argument so that tests can count. */
export type MakeId = () => string;

/**
 * A uuid that begins with the time (version 7, RFC 9562): what is stored later comes later in every index, so inserts touch the same few
 * pages however large a table is. 74 bits are random; nothing of ours is a secret by its id.
 */
export const makeRandomId: MakeId = () => {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
};
