import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StorageError } from '@foothold/core';
import { buildLock } from './build-lock.ts';

const home = fileURLToPath(new URL('.', import.meta.url));
const workspace = join(home, '../..');
const kept = join(home, 'node_modules/.cache/foothold-report');
/** Milliseconds between two looks whether another process has built the page. */
const lookEvery = 100;

/**
 * The page of reports, for programs that run from the sources of this workspace: built where the sources of the page or of a package in
 * it have changed, by one process at a time. Rejects with StorageError where Vite is not installed.
 */
export async function readReportPage(): Promise<string> {
  const file = join(kept, `${sourcesHash()}.html`);
  const lock = `${file}.lock`;
  mkdirSync(kept, { recursive: true });
  while (!existsSync(file)) {
    const held = buildLock(lock);
    if (!held) {
      await pause(lookEvery);
      continue;
    }
    try {
      if (!existsSync(file)) keep(file, await built());
    } finally {
      held.release();
    }
  }
  return readFileSync(file, 'utf8');
}

function keep(file: string, page: string): void {
  writeFileSync(`${file}.partial`, page);
  renameSync(`${file}.partial`, file);
  // What earlier sources gave is not needed again.
  for (const name of readdirSync(kept))
    if (name.endsWith('.html') && !file.endsWith(name)) rmSync(join(kept, name), { force: true });
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

/** Of all that the page is made of: its own sources, those of the packages in it, and the versions of everything else. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const add = (file: string) => hash.update(`${file}\n`).update(readFileSync(file));
  for (const folder of [home, ...packageFolders()]) for (const file of sourcesIn(folder)) add(file);
  add(join(workspace, 'pnpm-lock.yaml'));
  return hash.digest('hex').slice(0, 16);
}

/** Folders of the workspace's packages that the page depends on. */
function packageFolders(): readonly string[] {
  const found = new Set<string>();
  const visit = (folder: string) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    for (const name of Object.keys(dependencies)) {
      const other = join(workspace, 'packages', name.replace('@foothold/', ''));
      if (!name.startsWith('@foothold/') || found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(home);
  return [...found].sort();
}

function sourcesIn(folder: string): readonly string[] {
  const own = readdirSync(folder).filter((name) => /\.(ts|json|html)$/.test(name));
  const deep = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('src', name))
    .filter((name) => !/\.(test|fixture)\.tsx?$/.test(name));
  return [...own, ...deep]
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .sort();
}
