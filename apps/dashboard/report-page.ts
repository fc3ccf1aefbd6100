import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StorageError } from '@foothold/core';
import { buildLock } from './build-lock.ts';
import { pageKey } from './page-key.ts';

const home = fileURLToPath(new URL('.', import.meta.url));
const kept = join(home, 'node_modules/.cache/foothold-report');
/** Milliseconds between two looks whether another process has built the page. */
const lookEvery = 100;

/**
 * The page of reports, for programs that run from the sources of this workspace: built where the sources of the page or of a package in
 * it have changed, by one process at a time; one page for each NODE_ENV, which Vite builds by. Rejects with StorageError where Vite is not installed.
 */
export async function readReportPage(): Promise<string> {
  const { mode, sources } = pageKey();
  const file = join(kept, `${mode}@${sources}.html`);
  const lock = `${file}.lock`;
  mkdirSync(kept, { recursive: true });
  while (!existsSync(file)) {
    const held = buildLock(lock);
    if (!held) {
      await pause(lookEvery);
      continue;
    }
    try {
      if (!existsSync(file)) keep(file, { page: await built(), mode });
    } finally {
      held.release();
    }
  }
  return readFileSync(file, 'utf8');
}

function keep(file: string, { page, mode }: { readonly page: string; readonly mode: string }): void {
  writeFileSync(`${file}.partial`, page);
  renameSync(`${file}.partial`, file);
  // What earlier sources gave is not needed again.
  for (const name of readdirSync(kept))
    if (name.startsWith(`${mode}@`) && name.endsWith('.html') && !file.endsWith(name))
      rmSync(join(kept, name), { force: true });
}

async function built(): Promise<string> {
  let vite: typeof import('vite');
  try {
    vite = await import('vite');
  } catch (error) {
    throw new StorageError(
      'the page of reports is built from the sources by Vite, which is not installed: `pnpm install` in the workspace does so',
      { cause: error },
    );
  }
  const result = await vite.build({
    configFile: join(home, 'vite.report.config.ts'),
    logLevel: 'silent',
    build: { write: false },
  });
  const { output } = result as import('vite').Rolldown.RolldownOutput;
  const page = output.find(({ fileName }) => fileName === 'report.html');
  if (page?.type !== 'asset') throw new StorageError('the build of the page of reports has no report.html');
  return String(page.source);
}
