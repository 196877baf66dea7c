import type { Request, Response } from 'express';
import type { z } from 'zod';
import {
  type ContentChoice as ContentBody,
  changeSynchronization as changeBody,
  createSynchronization,
  type TieSpaces,
  tieSpaces,
} from '../../contract/synchronizations.ts';
import type { ConnectionId, FieldId } from '../../core/ids.ts';
import type { ContentChoice } from '../../core/propose-configuration.ts';
import { changeSynchronization, deleteSynchronization } from '../../sync/change-synchronization.ts';
import { type ChosenSpace, establishSynchronization } from '../../sync/establish-synchronization.ts';
import { findVisible, listVisible, type Visible } from '../../sync/find-visible.ts';
import { requestSynchronization } from '../../sync/request-synchronization.ts';
import type { SetUpResult } from '../../sync/set-up-ports.ts';
import { parseBody, sendRefusal } from '../errors.ts';
import type { ApiHandler } from '../guards.ts';
import { callerOf, hasValue, synchronizationIdOf } from '../set-up-answers.ts';
import { type ViewPorts, viewDetail, viewRow } from '../synchronization-view.ts';
import type { ApiPorts } from './api-v1-ports.ts';

export const viewPorts = ({ setUp, turns, names, brakes }: ApiPorts): ViewPorts => ({
  directory: setUp.directory,
  connections: setUp.connections,
  turns,
  names,
  brakes,
  terms: setUp.terms,
});

/** The parsed body, or null after the refusal was sent. */
export function bodyOf<Schema extends z.ZodType>(schema: Schema, request: Request, response: Response): z.output<Schema> | null {
  const parsed = parseBody(schema, request.body);
  if (parsed.ok) return parsed.value;
  sendRefusal(request, response, parsed.failure);
  return null;
}

/** What was chosen, in the words of the core. */
export const contentOf = ({ fields, status, comments, strict }: ContentBody): ContentChoice => ({
  fields: fields.map((mapping) => ({ ...mapping, field: mapping.field as FieldId })),
  status,
  comments,
  strict,
});

/** GET /api/v1/synchronizations */
export const synchronizationsGet =
  (ports: ApiPorts): ApiHandler =>
  async (context, _request, response) => {
    const visible = await listVisible(ports.setUp, callerOf(context));
    const synchronizations = await Promise.all(visible.map((one) => viewRow(viewPorts(ports), one)));
    response.json({ synchronizations });
  };

/** POST /api/v1/synchronizations */
export const synchronizationsPost =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const isTie = request.body !== null && typeof request.body === 'object' && 'sides' in request.body;
    const made = await (isTie ? tie(ports, context, request, response) : ask(ports, context, request, response));
    if (made !== null && hasValue(request, response, made))
      response.status(201).json(await viewDetail(viewPorts(ports), made.value));
  };

type Making = (...call: [ApiPorts, ...Parameters<ApiHandler>]) => Promise<Awaited<SetUpResult<Visible>> | null>;

/** Null: the body was refused. */
const ask: Making = async ({ setUp }, context, request, response) => {
  const body = bodyOf(createSynchronization, request, response);
  if (body === null) return null;
  const { content, mode = 'immediate' } = body;
  return requestSynchronization(setUp, callerOf(context), { ...body, mode, content: contentOf(content) });
};

const tie: Making = async ({ setUp }, context, request, response) => {
  const body = bodyOf(tieSpaces, request, response);
  if (body === null) return null;
  const { sides, content, mode = 'immediate' } = body;
  const chosen = { A: chosenOf(sides.A), B: chosenOf(sides.B) };
  return establishSynchronization(setUp, callerOf(context), chosen, { ...body, mode, content: contentOf(content) });
};

const chosenOf = ({ connectionId, projectKey }: TieSpaces['sides']['A']): ChosenSpace => ({
  connectionId: (connectionId ?? null) as ConnectionId | null,
  projectKey,
});

/** GET /api/v1/synchronizations/:id */
export const synchronizationGet =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const visible = await findVisible(ports.setUp, callerOf(context), synchronizationIdOf(request));
    if (hasValue(request, response, visible)) response.json(await viewDetail(viewPorts(ports), visible.value));
  };

/** PATCH /api/v1/synchronizations/:id */
export const synchronizationPatch =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(changeBody, request, response);
    if (body === null) return;
    const changed = await changeSynchronization(ports.setUp, callerOf(context), synchronizationIdOf(request), {
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.description === undefined ? {} : { description: body.description }),
      ...(body.content === undefined ? {} : { content: contentOf(body.content) }),
    });
    if (hasValue(request, response, changed)) response.json(await viewDetail(viewPorts(ports), changed.value));
  };

/** DELETE /api/v1/synchronizations/:id */
export const synchronizationDelete =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const deleted = await deleteSynchronization(ports.setUp, callerOf(context), synchronizationIdOf(request));
    if (hasValue(request, response, deleted)) response.status(204).end();
  };
