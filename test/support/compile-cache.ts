import { fileURLToPath } from 'node:url';

/** For processes that a test starts: compiled modules are kept here and not among the temporary files that it looks at. */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../.cache/node-compile', import.meta.url)),
};
