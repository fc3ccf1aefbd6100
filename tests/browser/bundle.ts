import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions, type Rolldown } from 'vite';

/** The page's files by name (`main.js`, `assets/worker-….js`), bundled from the sources of the packages. */
export async function bundle(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('page', import.meta.url)),
    base: './',
    resolve: { conditions: ['@foothold/source', ...defaultClientConditions] },
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: {
        input: fileURLToPath(new URL('page/main.ts', import.meta.url)),
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  const files = new Map<string, string>();
  for (const file of (result as Rolldown.RolldownOutput).output)
    files.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source));
  return files;
}
