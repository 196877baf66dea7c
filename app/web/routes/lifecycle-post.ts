import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import type { Result } from '../../core/failure.ts';
import type { Lifecycle } from '../../hosts/connect/lifecycle.ts';
import { installedBody, lifecycleBody } from '../../hosts/connect/lifecycle.ts';
import type { JwtVerifier, RefusalCode } from '../../hosts/connect/verify-jwt.ts';
import type { Refusal } from '../errors.ts';
import { asyncHandler, parseBody, sendRefusal } from '../errors.ts';
import { presentedRequest } from '../guards.ts';
import { readJsonBody } from '../json-body.ts';
import { refusalOfToken } from '../jwt-refusals.ts';

/** Lifecycle bodies are under 4 KB. They are read before the token, because the token must match what they say. */
const LARGEST_BODY_BYTES = 64 * 1024;

export interface LifecycleRoutePorts {
  readonly verifier: JwtVerifier;
  readonly lifecycle: Lifecycle;
}

const INSTALL_REFUSALS: Readonly<Record<'site-not-allowed' | 'app-key-wrong', Refusal>> = {
  'site-not-allowed': {
    status: 403,
    code: 'site-not-allowed',
    message: 'This site may not install Tandem here.',
    remedy: 'Add its host to ALLOWED_SITE_HOSTS if it should; its base URL must be https.',
  },
  'app-key-wrong': {
    status: 400,
    code: 'app-key-wrong',
    message: 'The installation is of another app.',
    remedy: 'Check the app key in config.json.',
  },
};

const readLifecycleBody = async <Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
  response: Response,
): Promise<Result<z.output<Schema>, Refusal>> => {
  const body = await readJsonBody(request, response, LARGEST_BODY_BYTES);
  return body.ok ? parseBody(schema, body.value.json) : body;
};

const sendDone = (response: Response): void => {
  response.status(204).end();
};

const refuse = async (
  lifecycle: Lifecycle,
  clientKey: string,
  code: RefusalCode,
  request: Request,
  response: Response,
): Promise<void> => {
  await lifecycle.noteRefused(clientKey, code);
  sendRefusal(request, response, refusalOfToken(code));
};

/** POST /installed: signed by Atlassian's key. Jira waits for the 204; anything else fails the installation. */
export const installedPost = ({ verifier, lifecycle }: LifecycleRoutePorts): RequestHandler =>
  asyncHandler(async (request, response) => {
    const body = await readLifecycleBody(installedBody, request, response);
    if (!body.ok) return sendRefusal(request, response, body.failure);
    const verified = await verifier.verify(presentedRequest(request), { kind: 'install', clientKey: body.value.clientKey });
    if (!verified.ok) return refuse(lifecycle, body.value.clientKey, verified.failure, request, response);
    const installed = await lifecycle.install(body.value);
    if (!installed.ok) {
      await lifecycle.noteRefused(body.value.clientKey, installed.failure);
      return sendRefusal(request, response, INSTALL_REFUSALS[installed.failure]);
    }
    sendDone(response);
  });

/** POST /uninstalled: signed by Atlassian's key; the shared secret is not good for it. */
export const uninstalledPost = ({ verifier, lifecycle }: LifecycleRoutePorts): RequestHandler =>
  asyncHandler(async (request, response) => {
    const body = await readLifecycleBody(lifecycleBody, request, response);
    if (!body.ok) return sendRefusal(request, response, body.failure);
    const verified = await verifier.verify(presentedRequest(request), { kind: 'install', clientKey: body.value.clientKey });
    if (!verified.ok) return refuse(lifecycle, body.value.clientKey, verified.failure, request, response);
    await lifecycle.uninstall(body.value.clientKey);
    sendDone(response);
  });

/** Jira may send `disabled` after `uninstalled`, and then without a token (AC-2561). */
const AFTER_UNINSTALL: ReadonlySet<RefusalCode> = new Set(['jwt-missing', 'site-unknown', 'site-uninstalled']);

/** POST /enabled and /disabled: signed with the site's secret, which also says which site. */
export const switchedPost = ({ verifier, lifecycle }: LifecycleRoutePorts, change: 'enable' | 'disable'): RequestHandler =>
  asyncHandler(async (request, response) => {
    const body = await readLifecycleBody(lifecycleBody, request, response);
    if (!body.ok) return sendRefusal(request, response, body.failure);
    const verified = await verifier.verify(presentedRequest(request), { kind: 'lifecycle' });
    if (verified.ok && verified.value.installation.clientKey !== body.value.clientKey) {
      return sendRefusal(request, response, refusalOfToken('jwt-issuer'));
    }
    if (verified.ok) {
      await lifecycle[change](verified.value.installation);
      return sendDone(response);
    }
    const ignorable =
      change === 'disable' && AFTER_UNINSTALL.has(verified.failure) && (await lifecycle.isGone(body.value.clientKey));
    if (ignorable) return sendDone(response);
    sendRefusal(request, response, refusalOfToken(verified.failure));
  });
