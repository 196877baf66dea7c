import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { applyFault, NAMED_FAULTS } from './faults/fault-plan.ts';
import type { Undo } from './faults/named-fault.ts';
import { seededRandom } from './heart/random.ts';
import type { SimulatedSite } from './simulated-site.ts';

/** The part of the control API for rate limits and for faults by name. README.md lists it. */

const limits = z
  .strictObject({
    points: z.enum(['off', 'global', 'tenant']),
    pointsPerHour: z.int().min(1).nullable(),
    plan: z.enum(['standard', 'premium', 'enterprise']),
    burst: z.boolean(),
    issueWrites: z.boolean(),
  })
  .partial();
const named = z.strictObject({
  name: z.enum(NAMED_FAULTS.map(({ name }) => name)),
  seed: z.int().min(0).default(1),
});

const given = (value: object): object => Object.fromEntries(Object.entries(value).filter(([, setting]) => setting !== undefined));

function mountLimits(api: Router, site: SimulatedSite): void {
  const shown = () => ({
    settings: site.limits.settings,
    quotas: [...site.connect.installations.keys()].map((appKey) => ({ appKey, ...site.limits.quotaOf(appKey) })),
  });
  api.get('/limits', (_request, response) => void response.json(shown()));
  api.put('/limits', (request, response) => {
    const read = limits.safeParse(request.body);
    if (read.success) site.limits.change(given(read.data));
    if (read.success) response.json(shown());
    else response.status(400).json({ error: z.prettifyError(read.error) });
  });
}

/** Faults by name: each is given an id, under which it is ended. */
export function mountNamedFaults(api: Router, site: SimulatedSite): void {
  const undos = new Map<string, { readonly name: string; readonly undo: Undo }>();
  let begun = 0;
  mountLimits(api, site);
  api.get('/named-faults', (_request, response) => {
    response.json({
      faults: NAMED_FAULTS.map(({ name, what }) => ({ name, what })),
      active: [...undos].map(([id, { name }]) => ({ id, name })),
    });
  });
  const begin = async (request: Request, response: Response): Promise<void> => {
    const read = named.safeParse(request.body);
    if (!read.success) {
      response.status(400).json({ error: z.prettifyError(read.error) });
      return;
    }
    const undo = await applyFault(read.data.name, site, seededRandom(read.data.seed));
    if (undo === null) {
      response.status(409).json({ error: `The site has nothing that ${read.data.name} could hit.` });
      return;
    }
    begun += 1;
    undos.set(String(begun), { name: read.data.name, undo });
    response.status(201).json({ id: String(begun) });
  };
  api.post('/named-faults', (request, response) => void begin(request, response));
  api.delete('/named-faults/:id', (request, response) => {
    const found = undos.get(request.params.id);
    undos.delete(request.params.id);
    if (found === undefined) response.status(404).end();
    else void Promise.resolve(found.undo()).then(() => response.status(204).end());
  });
}
