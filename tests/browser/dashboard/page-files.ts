import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

type App = 'dashboard' | 'playground';
type Files = ReadonlyMap<string, string | Uint8Array>;
const bundled = new Map<App, Promise<Files>>();

/** The files of an app's page by name, bundled from its sources once in a process. */
export function pageFiles(app: App = 'dashboard'): Promise<Files> {
  const files = bundled.get(app) ?? bundledFiles(app);
  bundled.set(app, files);
  return files;
}

async function bundledFiles(app: App): Promise<Files> {
  const root = fileURLToPath(new URL(`../../../apps/${app}`, import.meta.url));
  const result = (await build({
    configFile: `${root}/vite.config.ts`,
    logLevel: 'error',
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  const copied = await readFile(`${root}/public/icon.svg`);
  return new Map<string, string | Uint8Array>([
    ['icon.svg', copied],
    ...result.output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source] as const),
  ]);
}
