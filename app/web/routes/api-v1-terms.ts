import type { Request, Response } from 'express';
import {
  answerDraft as answerBody,
  type LeftBody,
  changeMode as modeBody,
  type OfferBody,
  offer as offerBody,
  type TermsChangedBody,
} from '../../contract/terms.ts';
import type { FieldId } from '../../core/ids.ts';
import type { Offer } from '../../core/offer.ts';
import { answerDraft, bringBackVersion, changeOffer, changeTerms, openTerms } from '../../sync/change-terms.ts';
import { findVisible } from '../../sync/find-visible.ts';
import { listLeft, listVersions, showTerms } from '../../sync/show-terms.ts';
import type { ApiContext, ApiHandler } from '../guards.ts';
import { callerOf, hasValue, synchronizationIdOf } from '../set-up-answers.ts';
import { viewTerms, viewVersion } from '../terms-view.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { bodyOf } from './api-v1-synchronizations.ts';

async function sendTerms({ setUp, counts }: ApiPorts, context: ApiContext, request: Request, response: Response): Promise<void> {
  const shown = await showTerms({ ...setUp, counts }, callerOf(context), synchronizationIdOf(request));
  if (hasValue(request, response, shown)) response.json(viewTerms(shown.value));
}

const offerOf = ({ fields, ...rest }: OfferBody): Offer => ({
  ...rest,
  fields: fields === null ? null : fields.map((field) => field as string as FieldId),
});

/** GET /api/v1/synchronizations/:id/terms */
export const termsGet =
  (ports: ApiPorts): ApiHandler =>
  (context, request, response) =>
    sendTerms(ports, context, request, response);

/** PUT /api/v1/synchronizations/:id/terms/mode */
export const modePut =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(modeBody, request, response);
    if (body === null) return;
    const open = await openTerms(ports.setUp, callerOf(context), synchronizationIdOf(request));
    if (!hasValue(request, response, open)) return;
    const changed = await changeTerms(ports.setUp, callerOf(context), open.value, { mode: body.mode });
    if (hasValue(request, response, changed)) response.json({ outcome: changed.value } satisfies TermsChangedBody);
  };

/** PUT /api/v1/synchronizations/:id/terms/offer */
export const offerPut =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(offerBody, request, response);
    if (body === null) return;
    const changed = await changeOffer(ports.setUp, callerOf(context), synchronizationIdOf(request), offerOf(body));
    if (hasValue(request, response, changed)) await sendTerms(ports, context, request, response);
  };

/** POST /api/v1/synchronizations/:id/terms/draft/answer */
export const draftAnswerPost =
  (ports: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const body = bodyOf(answerBody, request, response);
    if (body === null) return;
    const answer = { answer: body.answer, draftAt: Date.parse(body.draftAt), reason: body.reason ?? null };
    const answered = await answerDraft(ports.setUp, callerOf(context), synchronizationIdOf(request), answer);
    if (hasValue(request, response, answered)) await sendTerms(ports, context, request, response);
  };

/** GET /api/v1/synchronizations/:id/terms/versions */
export const versionsGet =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const id = synchronizationIdOf(request);
    const visible = await findVisible(setUp, callerOf(context), id);
    if (!hasValue(request, response, visible)) return;
    const versions = await listVersions(setUp, callerOf(context), id);
    if (!hasValue(request, response, versions)) return;
    response.json({ versions: versions.value.map((version) => viewVersion(version, visible.value.side)) });
  };

/** POST /api/v1/synchronizations/:id/terms/versions/:number/bring-back */
export const bringBackPost =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    // What is no number of a version names none.
    const number = /^\d{1,9}$/.test(request.params.number ?? '') ? Number(request.params.number) : 0;
    const changed = await bringBackVersion(setUp, callerOf(context), synchronizationIdOf(request), number);
    if (hasValue(request, response, changed)) response.json({ outcome: changed.value } satisfies TermsChangedBody);
  };

/** GET /api/v1/synchronizations/:id/terms/left */
export const leftGet =
  ({ setUp }: ApiPorts): ApiHandler =>
  async (context, request, response) => {
    const parts = await listLeft(setUp, callerOf(context), synchronizationIdOf(request));
    if (!hasValue(request, response, parts)) return;
    const left: LeftBody = {
      parts: parts.value.map(({ lastAt, ...part }) => ({ ...part, lastAt: new Date(lastAt).toISOString() })),
    };
    response.json(left);
  };
