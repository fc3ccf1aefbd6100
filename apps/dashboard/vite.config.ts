import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

/** The page as static files with relative addresses, so that it works below any path. From the sources of the packages: nothing has to be built before. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  logLevel: 'warn',
  resolve: { conditions: ['@foothold/source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    modulePreload: { polyfill: false },
    // A policy without inline content forbids data addresses too.
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.txt' },
    chunkSizeWarningLimit: 1200,
  },
});
