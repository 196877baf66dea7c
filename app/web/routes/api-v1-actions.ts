import {
  answerBrake as answerBrakeBody,
  declineRequest as declineBody,
  startSynchronization as startBody,
} from '../../contract/synchronizations.ts';
import type { SynchronizationId } from '../../core/ids.ts';
import { answerBrake } from '../../sync/answer-brake.ts';
import { acceptRequest, declineRequest } from '../../sync/answer-request.ts';
import { startSynchronization, stopSynchronization } from '../../sync/change-synchronization.ts';
import type { Visible } from '../../sync/find-visible.ts';
import { sendRequestAgain } from '../../sync/request-synchronization.ts';
import type { Caller, SetUpPorts, SetUpResult } from '../../sync/set-up-ports.ts';
import type { ApiHandler } from '../guards.ts';
import { callerOf, hasValue, synchronizationIdOf } from '../set-up-answers.ts';
import { viewDetail } from '../synchronization-view.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf, viewPorts } from './api-v1-synchronizations.ts';

type Action = (ports: SetUpPorts, caller: Caller, synchronizationId: SynchronizationId) => SetUpResult<Visible>;

/** POST /api/v1/synchronizations/:id/accept, send-again, stop: no body. */
const actionPost =
  (action: Action) =>
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const done = await action(ports.setUp, callerOf(context), synchronizationIdOf(request));
    if (hasValue(request, response, done)) response.json(await viewDetail(viewPorts(ports), done.value));
  };

export const acceptPost = actionPost(acceptRequest);
export const sendAgainPost = actionPost(sendRequestAgain);
export const stopPost = actionPost(stopSynchronization);

/** POST /api/v1/synchronizations/:id/decline: a body only if there is a reason to give. */
export const declinePost =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(declineBody.optional(), request, response);
    if (body === null) return;
    const id = synchronizationIdOf(request);
    const declined = await declineRequest(ports.setUp, callerOf(context), id, body?.reason ?? null);
    if (hasValue(request, response, declined)) response.json(await viewDetail(viewPorts(ports), declined.value));
  };

/** POST /api/v1/synchronizations/:id/start */
export const startPost =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(startBody, request, response);
    if (body === null) return;
    const started = await startSynchronization(ports.setUp, callerOf(context), synchronizationIdOf(request), body.existingItems);
    if (hasValue(request, response, started)) response.json(await viewDetail(viewPorts(ports), started.value));
  };

/** POST /api/v1/synchronizations/:id/brake/release */
export const brakeReleasePost =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(answerBrakeBody, request, response);
    if (body === null) return;
    const { brakes, setUp } = ports;
    const caller = callerOf(context);
    const answered = await answerBrake({ ...setUp, brakes }, caller, synchronizationIdOf(request), body.kind, body.answer);
    if (hasValue(request, response, answered)) response.json(await viewDetail(viewPorts(ports), answered.value));
  };
