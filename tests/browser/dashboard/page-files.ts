import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

/** The files of the dashboard by name, bundled from its sources. */
export async function pageFiles(): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const root = fileURLToPath(new URL('../../../apps/dashboard', import.meta.url));
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
