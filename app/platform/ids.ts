import { randomUUID } from 'node:crypto';

/** Makes a new id nobody has seen before, as a lower-case uuid. Taken as an argument so that tests can count. */
export type MakeId = () => string;

export const makeRandomId: MakeId = () => randomUUID();
