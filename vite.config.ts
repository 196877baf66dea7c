import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Atlassian's design tokens for light and dark, plus the parts that do not depend on the colour mode. */
const THEMES = ['light', 'dark', 'spacing', 'typography', 'shape', 'motion'];

/**
 * The design tokens as a stylesheet of our own. Atlaskit would add them as <style> elements while the page runs, which a
 * content security policy without 'unsafe-inline' forbids, and all.js fetches them from a CDN, which may be out of reach.
 * `:where(html)` makes the light ones hold even while <html> carries no theme attributes; the attributes of the shell, or of
 * all.js, win over it.
 */
function designTokens(): Plugin {
  const id = 'virtual:design-tokens.css';
  const require = createRequire(import.meta.url);
  const themes = join(dirname(require.resolve('@atlaskit/tokens/package.json')), 'dist/cjs/artifacts/themes');
  const themeCss = (theme: string): string => {
    const { default: css }: { default: string } = require(join(themes, `atlassian-${theme}.js`));
    return theme === 'dark' ? css : css.replace('html[', ':where(html), html[');
  };
  return {
    name: 'tandem-design-tokens',
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load: (source) => (source === `\0${id}` ? THEMES.map(themeCss).join('\n') : null),
  };
}

/**
 * Two modules that Atlaskit imports, replaced by what they come to here.
 *
 * Feature gates: Atlaskit asks Atlassian's feature gate service whether unfinished features are on. Outside their products nobody starts that
 * client, so the answer is always no; leaving the client out says the same with 90 kB less, and with no code that could call home.
 *
 * Scroll lock: it writes a <style> element, which the content security policy of the page forbids, to keep the page behind a
 * dialog from scrolling. In a frame as tall as its content nothing scrolls there anyway.
 */
const STAND_INS: Readonly<Record<string, string>> = {
  '@atlaskit/feature-gate-js-client/feature-gates':
    'export default { checkGate: () => false, getExperimentValue: (_name, _parameter, fallback) => fallback };',
  'react-scrolllock':
    'const through = ({ children }) => children ?? null; export default through; export { through as TouchScrollable };',
};

function standIns(): Plugin {
  return {
    name: 'tandem-stand-ins',
    enforce: 'pre',
    resolveId: (source) => (source in STAND_INS ? `\0stand-in:${source}` : null),
    load: (id) => (id.startsWith('\0stand-in:') ? (STAND_INS[id.slice('\0stand-in:'.length)] ?? null) : null),
  };
}

/**
 * One bundle with fixed names, `public/ui/tandem.js` and `tandem.css`. The page shell adds the app's version to their addresses,
 * so a new version is never mixed with a cached old one.
 */
export default defineConfig({
  plugins: [react(), designTokens(), standIns()],
  publicDir: false,
  resolve: { mainFields: ['module:es2019', 'browser', 'module', 'main'] },
  build: {
    outDir: 'public/ui',
    emptyOutDir: true,
    target: 'es2022',
    cssCodeSplit: false,
    // One file on purpose: split chunks would need names that change, and the page needs nearly all of it at once.
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: 'app/ui/main.tsx',
      output: { entryFileNames: 'tandem.js', assetFileNames: 'tandem[extname]', codeSplitting: false },
    },
  },
});
