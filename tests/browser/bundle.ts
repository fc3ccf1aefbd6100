import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions, type Rolldown } from 'vite';

/** The pages' files by name (`main.js`, `webgl.js`, `assets/worker-….js`), bundled from the sources of the packages. */
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
        input: [new URL('page/main.ts', import.meta.url), new URL('page/webgl.ts', import.meta.url)].map(
          (url) => fileURLToPath(url),
        ),
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  const files = new Map<string, string>();
  for (const file of (result as Rolldown.RolldownOutput).output)
    files.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source));
  return files;
}
