import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions, type Rolldown } from 'vite';

const pages = [
  new URL('page/main.ts', import.meta.url),
  new URL('page/webgl.ts', import.meta.url),
  new URL('page/indexed-db.ts', import.meta.url),
];

/**
 * The files of these pages by name (`main.js`, `webgl.js`, `assets/worker-….js`), bundled from the sources of the packages; `programs` are
 * further pages, code by name.
 */
export async function bundle(
  programs: Readonly<Record<string, string>> = {},
  scripts: readonly URL[] = pages,
): Promise<ReadonlyMap<string, string>> {
  const given = new Map(
    Object.entries(programs).map(([name, code]) => [
      fileURLToPath(new URL(`page/${name}.ts`, import.meta.url)),
      code,
    ]),
  );
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('page', import.meta.url)),
    base: './',
    resolve: { conditions: ['@foothold/source', ...defaultClientConditions] },
    plugins: [
      {
        name: 'given-programs',
        resolveId: (id) => (given.has(id) ? id : undefined),
        load: (id) => given.get(id),
      },
    ],
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: {
        input: [...scripts.map((url) => fileURLToPath(url)), ...given.keys()],
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  const files = new Map<string, string>();
  for (const file of (result as Rolldown.RolldownOutput).output)
    files.set(file.fileName, file.type === 'chunk' ? file.code : String(file.source));
  return files;
}
