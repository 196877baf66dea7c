import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Response } from 'express';
import { Router, static as serveFiles } from 'express';

const packageFile = (path: string): string => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
const CONNECT = 'atlassian-connect-js/dist';

/** As `iframe.js` names the place of its style sheets. */
const STYLES_ELSEWHERE = 'var CDN_URL = "https://" + CDN_DOMAIN;';

/** The script that apps load into their pages, told to take its style sheets from this site: nothing leaves the machine. */
const iframeScript = (siteUrl: string): string => {
  const script = readFileSync(packageFile(`${CONNECT}/iframe.js`), 'utf8');
  if (!script.includes(STYLES_ELSEWHERE))
    throw new Error(
      'atlassian-connect-js names its style sheets in another way than before: see simulator/pages/asset-routes.ts.',
    );
  return script.replace(STYLES_ELSEWHERE, () => `var CDN_URL = ${JSON.stringify(`${siteUrl}/atlassian-connect`)};`);
};

/** The site's own files, jQuery and the host side of Connect, and what apps' pages load from their host. */
export const createAssetRoutes = (siteUrl: string): Router => {
  const routes = Router();
  const allJs = iframeScript(siteUrl);
  const forAppPages = (response: Response): void => void response.set('Cross-Origin-Resource-Policy', 'cross-origin');

  routes.get('/pages/assets/jquery.js', (_request, response) => response.sendFile(packageFile('jquery/dist/jquery.min.js')));
  routes.get('/pages/assets/connect-host.js', (_request, response) =>
    response.sendFile(packageFile(`${CONNECT}/connect-host.js`)),
  );
  routes.use('/pages/assets', serveFiles(fileURLToPath(new URL('assets', import.meta.url)), { index: false }));
  routes.get(['/atlassian-connect/all.js', '/atlassian-connect/all-debug.js'], (_request, response) => {
    forAppPages(response);
    response.type('text/javascript').send(allJs);
  });
  routes.use(
    '/atlassian-connect/themes',
    serveFiles(packageFile(`${CONNECT}/themes`), { index: false, setHeaders: forAppPages }),
  );
  routes.get('/atlassian-connect/surfaces.css', (_request, response) => {
    forAppPages(response);
    response.sendFile(packageFile(`${CONNECT}/surfaces.css`));
  });
  return routes;
};
