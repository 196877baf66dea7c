import { stripTypeScriptTypes } from 'node:module';

/**
 * Jest's way to TypeScript: the same type stripping that Node itself does when the server runs, so a test never sees
 * code that production does not. Positions are kept (types become blanks), hence no source map is needed.
 */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
