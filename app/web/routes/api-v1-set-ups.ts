import type { Request } from 'express';
import type { z } from 'zod';
import { beginSetUp as beginBody, changeSetUp as changeBody } from '../../contract/set-ups.ts';
import type { SetUpId } from '../../core/ids.ts';
import { beginSetUp, changeSetUp, type SetUpEntry } from '../../sync/change-set-up.ts';
import { findSetUp, listSetUps } from '../../sync/find-set-up.ts';
import { finishSetUp, forgetSetUp, previewSetUp } from '../../sync/finish-set-up.ts';
import type { ApiHandler } from '../guards.ts';
import { callerOf, hasValue } from '../set-up-answers.ts';
import { viewPreview, viewSetUp } from '../set-up-view.ts';
import { viewDetail } from '../synchronization-view.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf, contentOf, viewPorts } from './api-v1-synchronizations.ts';

/** An unknown or malformed id finds nothing, which is all that its sender may learn. */
const setUpIdOf = (request: Request): SetUpId => (request.params.id ?? '') as SetUpId;

/** What was entered, in the words of the use cases. */
const entryOf = ({ own, partner, content, ...rest }: z.output<typeof changeBody>): SetUpEntry => ({
  ...rest,
  ...(own === undefined ? {} : { own: own as NonNullable<SetUpEntry['own']> }),
  ...(partner === undefined ? {} : { partner: partner as NonNullable<SetUpEntry['partner']> }),
  ...(content === undefined ? {} : { content: content === null ? null : contentOf(content) }),
});

/** GET /api/v1/set-ups */
export const setUpsGet =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const listed = await listSetUps(setUp, callerOf(context));
    if (!hasValue(request, response, listed)) return;
    response.json({ setUps: await Promise.all(listed.value.map((one) => viewSetUp(setUp, one))) });
  };

/** POST /api/v1/set-ups */
export const setUpsPost =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(beginBody, request, response);
    if (body === null) return;
    const { route, ...entered } = body;
    const begun = await beginSetUp(setUp, callerOf(context), route, entryOf(entered));
    if (hasValue(request, response, begun)) response.status(201).json(await viewSetUp(setUp, begun.value));
  };

/** GET /api/v1/set-ups/:id */
export const setUpGet =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const found = await findSetUp(setUp, callerOf(context), setUpIdOf(request));
    if (hasValue(request, response, found)) response.json(await viewSetUp(setUp, found.value.setUp));
  };

/** PATCH /api/v1/set-ups/:id */
export const setUpPatch =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(changeBody, request, response);
    if (body === null) return;
    const changed = await changeSetUp(setUp, callerOf(context), setUpIdOf(request), entryOf(body));
    if (hasValue(request, response, changed)) response.json(await viewSetUp(setUp, changed.value));
  };

/** GET /api/v1/set-ups/:id/preview */
export const setUpPreviewGet =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const preview = await previewSetUp(setUp, callerOf(context), setUpIdOf(request));
    if (hasValue(request, response, preview)) response.json(viewPreview(preview.value));
  };

/** POST /api/v1/set-ups/:id/finish */
export const setUpFinishPost =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const finished = await finishSetUp(ports.setUp, callerOf(context), setUpIdOf(request));
    if (hasValue(request, response, finished)) response.status(201).json(await viewDetail(viewPorts(ports), finished.value));
  };

/** DELETE /api/v1/set-ups/:id */
export const setUpDelete =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const forgotten = await forgetSetUp(setUp, callerOf(context), setUpIdOf(request));
    if (hasValue(request, response, forgotten)) response.status(204).end();
  };
