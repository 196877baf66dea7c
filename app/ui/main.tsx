import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { httpApi } from './api.ts';
import { App } from './app.tsx';
import { browserClock } from './browser-clock.ts';
import { connectHost } from './connect-host.ts';
import { CrashGuard } from './crash-guard.tsx';
import { tokenCache } from './token-cache.ts';
import { ToolsContext } from './tools.ts';
import '@atlaskit/css-reset';
import 'virtual:design-tokens.css';
import './page.css';

// Zod compiles schemas with `new Function` where it may; the content security policy of the page forbids that.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('The page shell has no #root.');

const host = connectHost(window.AP ?? null, browserClock);
host.startTheming();
new ResizeObserver(() => host.resize(Math.ceil(root.getBoundingClientRect().height))).observe(root);

const api = httpApi(tokenCache(host.getToken, browserClock.now), window.fetch.bind(window));

createRoot(root).render(
  <StrictMode>
    <CrashGuard>
      <ToolsContext.Provider value={{ api, host, clock: browserClock }}>
        <App />
      </ToolsContext.Provider>
    </CrashGuard>
  </StrictMode>,
);
