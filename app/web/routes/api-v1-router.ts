import { Router } from 'express';
import { acceptPost, brakeReleasePost, declinePost, sendAgainPost, startPost, stopPost } from './api-v1-actions.ts';
import { auditGet } from './api-v1-audit.ts';
import { conflictGet, conflictsGet, decidePost, keptGet, putBackPost } from './api-v1-conflicts.ts';
import { foundLateGet, retryPost } from './api-v1-healing.ts';
import { historyGet } from './api-v1-history.ts';
import { licenceGet, licencePut } from './api-v1-licence.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { setUpDelete, setUpFinishPost, setUpGet, setUpPatch, setUpPreviewGet, setUpsGet, setUpsPost } from './api-v1-set-ups.ts';
import { settingsGet, settingsPut } from './api-v1-settings.ts';
import { contextGet, spacesGet } from './api-v1-site.ts';
import {
  synchronizationDelete,
  synchronizationGet,
  synchronizationPatch,
  synchronizationsGet,
  synchronizationsPost,
} from './api-v1-synchronizations.ts';
import { tenantErasePost } from './api-v1-tenant.ts';
import { bringBackPost, draftAnswerPost, leftGet, modePut, offerPut, termsGet, versionsGet } from './api-v1-terms.ts';
import { tokenDelete, tokensGet, tokensPost } from './api-v1-tokens.ts';

/**
 * The tables in app/contract as routes, but for those of connections and their webhooks, which are mounted on it where there are any. Mount
 * it under /api/v1 behind a JSON body parser.
 */
export function createApiRouter(ports: ApiPorts): Router {
  const { guard } = ports;
  const router = Router();
  router.get('/context', guard.inSpace(contextGet(ports)));
  router.get('/spaces', guard('read', spacesGet(ports)));
  router.get('/synchronizations', guard('read', synchronizationsGet(ports)));
  router.post('/synchronizations', guard('configure', synchronizationsPost(ports)));
  router.get('/synchronizations/:id', guard('read', synchronizationGet(ports)));
  router.patch('/synchronizations/:id', guard('configure', synchronizationPatch(ports)));
  router.delete('/synchronizations/:id', guard('configure', synchronizationDelete(ports)));
  router.post('/synchronizations/:id/accept', guard('configure', acceptPost(ports)));
  router.post('/synchronizations/:id/decline', guard('configure', declinePost(ports)));
  router.post('/synchronizations/:id/send-again', guard('configure', sendAgainPost(ports)));
  router.post('/synchronizations/:id/start', guard('configure', startPost(ports)));
  router.post('/synchronizations/:id/stop', guard('configure', stopPost(ports)));
  router.post('/synchronizations/:id/retry', guard('configure', retryPost(ports)));
  router.get('/synchronizations/:id/found-late', guard('read', foundLateGet(ports)));
  router.post('/synchronizations/:id/brake/release', guard('configure', brakeReleasePost(ports)));
  router.get('/synchronizations/:id/history', guard('read', historyGet(ports)));
  router.get('/synchronizations/:id/conflicts', guard('read', conflictsGet(ports)));
  router.get('/synchronizations/:id/conflicts/:conflict', guard('read', conflictGet(ports)));
  router.post('/synchronizations/:id/conflicts/:conflict/decide', guard('configure', decidePost(ports)));
  router.get('/synchronizations/:id/kept/:kept', guard('read', keptGet(ports)));
  router.post('/synchronizations/:id/kept/:kept/put-back', guard('configure', putBackPost(ports)));
  router.get('/synchronizations/:id/terms', guard('read', termsGet(ports)));
  router.put('/synchronizations/:id/terms/mode', guard('configure', modePut(ports)));
  router.put('/synchronizations/:id/terms/offer', guard('configure', offerPut(ports)));
  router.post('/synchronizations/:id/terms/draft/answer', guard('configure', draftAnswerPost(ports)));
  router.get('/synchronizations/:id/terms/versions', guard('read', versionsGet(ports)));
  router.post('/synchronizations/:id/terms/versions/:number/bring-back', guard('configure', bringBackPost(ports)));
  router.get('/synchronizations/:id/terms/left', guard('read', leftGet(ports)));
  router.get('/set-ups', guard('configure', setUpsGet(ports)));
  router.post('/set-ups', guard('configure', setUpsPost(ports)));
  router.get('/set-ups/:id', guard('configure', setUpGet(ports)));
  router.patch('/set-ups/:id', guard('configure', setUpPatch(ports)));
  router.delete('/set-ups/:id', guard('configure', setUpDelete(ports)));
  router.get('/set-ups/:id/preview', guard('configure', setUpPreviewGet(ports)));
  router.post('/set-ups/:id/finish', guard('configure', setUpFinishPost(ports)));
  router.get('/settings', guard.siteAdmins(settingsGet(ports)));
  router.put('/settings', guard.siteAdmins(settingsPut(ports)));
  router.get('/licence', guard.ofSite('read', licenceGet(ports)));
  router.put('/licence', guard.ofSite('connections', licencePut(ports)));
  router.get('/tokens', guard.siteAdmins(tokensGet(ports)));
  router.post('/tokens', guard.siteAdmins(tokensPost(ports)));
  router.delete('/tokens/:id', guard.siteAdmins(tokenDelete(ports)));
  router.get('/audit', guard.ofSite('read', auditGet(ports)));
  router.post('/tenant/erase', guard.siteAdmins(tenantErasePost(ports)));
  return router;
}
