import type { Outcome } from '../heart/outcome.ts';
import { done, refuse } from '../heart/outcome.ts';
import { findProject } from '../heart/permissions.ts';
import type { Project } from '../heart/site.ts';
import type { CloudRequest } from './route.ts';

/** The project that the path names, if the caller sees it. */
export const projectNamed = (request: CloudRequest): Outcome<Project> => {
  const { params } = request;
  const idOrKey = params['projectIdOrKey'] ?? params['projectKeyOrId'] ?? params['projectId'] ?? '';
  const project = findProject(request.site, request.actor.user, idOrKey);
  return project === null ? refuse(404, `No project could be found with key '${idOrKey}'.`) : done(project);
};
