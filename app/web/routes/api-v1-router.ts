import { Router } from 'express';
import { acceptPost, brakeReleasePost, declinePost, sendAgainPost, startPost, stopPost } from './api-v1-actions.ts';
import { conflictGet, conflictsGet, decidePost, keptGet, putBackPost } from './api-v1-conflicts.ts';
import { foundLateGet, retryPost } from './api-v1-healing.ts';
import { historyGet } from './api-v1-history.ts';
import type { ApiPorts } from './api-v1-ports.ts';
import { contextGet, spacesGet } from './api-v1-site.ts';
import {
  synchronizationDelete,
  synchronizationGet,
  synchronizationPatch,
  synchronizationsGet,
  synchronizationsPost,
} from './api-v1-synchronizations.ts';

/** The table at the end of app/contract/synchronizations.ts as routes. Mount it under /api/v1 behind a JSON body parser. */
export function createApiRouter(ports: ApiPorts): Router {
  const { guard } = ports;
  const router = Router();
  router.get('/context', guard(contextGet(ports)));
  router.get('/spaces', guard(spacesGet(ports)));
  router.get('/synchronizations', guard(synchronizationsGet(ports)));
  router.post('/synchronizations', guard(synchronizationsPost(ports)));
  router.get('/synchronizations/:id', guard(synchronizationGet(ports)));
  router.patch('/synchronizations/:id', guard(synchronizationPatch(ports)));
  router.delete('/synchronizations/:id', guard(synchronizationDelete(ports)));
  router.post('/synchronizations/:id/accept', guard(acceptPost(ports)));
  router.post('/synchronizations/:id/decline', guard(declinePost(ports)));
  router.post('/synchronizations/:id/send-again', guard(sendAgainPost(ports)));
  router.post('/synchronizations/:id/start', guard(startPost(ports)));
  router.post('/synchronizations/:id/stop', guard(stopPost(ports)));
  router.post('/synchronizations/:id/retry', guard(retryPost(ports)));
  router.get('/synchronizations/:id/found-late', guard(foundLateGet(ports)));
  router.post('/synchronizations/:id/brake/release', guard(brakeReleasePost(ports)));
  router.get('/synchronizations/:id/history', guard(historyGet(ports)));
  router.get('/synchronizations/:id/conflicts', guard(conflictsGet(ports)));
  router.get('/synchronizations/:id/conflicts/:conflict', guard(conflictGet(ports)));
  router.post('/synchronizations/:id/conflicts/:conflict/decide', guard(decidePost(ports)));
  router.get('/synchronizations/:id/kept/:kept', guard(keptGet(ports)));
  router.post('/synchronizations/:id/kept/:kept/put-back', guard(putBackPost(ports)));
  return router;
}
