import type { Evidence } from './evidence.ts';
import { bijection } from './properties/bijection.ts';
import { convergence } from './properties/convergence.ts';
import { echoesRest, onceEach } from './properties/deliveries.ts';
import { isolation } from './properties/isolation.ts';
import { liveness } from './properties/liveness.ts';
import { noLoss } from './properties/no-loss.ts';
import { order } from './properties/order.ts';
import type { Property } from './properties/property.ts';
import { quota } from './properties/quota.ts';
import { audit, noLoops } from './properties/writes.ts';

/** A promise that a run broke. */
export interface Breach {
  readonly property: string;
  readonly detail: string;
}

export const PROPERTIES: readonly Property[] = [
  convergence,
  noLoss,
  bijection,
  onceEach,
  noLoops,
  echoesRest,
  order,
  isolation,
  quota,
  liveness,
  audit,
];

/** Holds a run to all that is promised. */
export const judge = (evidence: Evidence): readonly Breach[] =>
  PROPERTIES.flatMap(({ name, check }) => check(evidence).map((detail) => ({ property: name, detail })));
