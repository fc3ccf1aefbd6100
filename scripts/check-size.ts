import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { root } from './workspace.ts';

/** Limits of a program's minified bundle, compressed with gzip, without the WebAssembly; kB are 1000 bytes. */
interface SizeBudget {
  readonly name: string;
  readonly code: string;
  /** What is loaded at once. */
  readonly start: number;
  /** With what the default sampler loads at its first suggestion. */
  readonly plain?: number;
  /** With what earlier studies need too. */
  readonly transfer?: number;
}

/**
 * What was reached on 2026-11-29, rounded up by a few per cent. The packages are built as one file a module, so that a bundle of
 * what is published splits as one of the sources does.
 */
const budgets: readonly SizeBudget[] = [
  { name: "export * from '@foothold/core'", code: "export * from '@foothold/core';", start: 4.2 },
  {
    name: "import { random, createStudy } from 'foothold'",
    code: "export { random, createStudy } from 'foothold';",
    start: 23.8,
  },
  {
    name: "import { minimize } from 'foothold'",
    code: "export { minimize } from 'foothold';",
    ...{ start: 22.4, plain: 60, transfer: 78 },
  },
];

/** Bundles that are larger than their budgets; prints every size. */
export async function sizeFaults(print: (line: string) => void): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { name, code, ...limits } of budgets) {
    const sizes = await bundled(code);
    const part = (of: 'start' | 'plain' | 'transfer') => `${of} ${sizes[of].toFixed(1)} of ${limits[of]} kB`;
    const parts = (['start', 'plain', 'transfer'] as const).filter((of) => limits[of] !== undefined);
    print(`${name}: ${parts.map(part).join(', ')} gzip; start ${sizes.minified.toFixed(0)} kB without gzip`);
    if (parts.includes('transfer') && !(sizes.transfer > sizes.plain && sizes.plain > sizes.start))
      faults.push(`${name}: a module that scripts/check-size.ts looks for is not loaded when it is needed`);
    for (const of of parts)
      if (sizes[of] > limits[of]!) faults.push(`${name}: ${part(of)} gzip (limits in scripts/check-size.ts)`);
  }
  return faults;
}

/** Limit of what the dashboard loads before its first view: page, style and scripts, without the charts' renderer and the model; kB as above. */
const firstLoad = 350;
/** What it needs beyond that comes with the first chart, or with the model: its view, its worker and the samplers. */
const laterLimit = 520;

/** Faults of the dashboard's sizes; prints them. */
export async function dashboardSizeFaults(print: (line: string) => void): Promise<readonly string[]> {
  const home = join(root, 'apps/dashboard');
  const { output } = (await build({
    configFile: join(home, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  const size = (files: (typeof output)[number][]) =>
    files.reduce((sum, file) => sum + gzipSync(file.type === 'chunk' ? file.code : file.source).length, 0) /
    1000;
  // Scripts of a worker are assets.
  const isLater = (file: (typeof output)[number]) =>
    file.type === 'chunk' ? !file.isEntry : file.fileName.endsWith('.js');
  const [first, later] = [size(output.filter((file) => !isLater(file))), size(output.filter(isLater))];
  const text = `dashboard: first load ${first.toFixed(1)} of ${firstLoad} kB, loaded later ${later.toFixed(1)} of ${laterLimit} kB gzip`;
  print(text);
  return first > firstLoad || later > laterLimit || later < first
    ? [`${text} (limits in scripts/check-size.ts)`]
    : [];
}

/** Sizes in kB of the program's bundle, which is made from the sources. */
async function bundled(code: string) {
  const home = join(root, 'packages/foothold');
  const folder = mkdtempSync(join(home, '.size-'));
  try {
    const entry = join(folder, 'entry.js');
    writeFileSync(entry, code);
    const result = await build({
      configFile: false,
      logLevel: 'error',
      root: folder,
      resolve: { conditions: ['@foothold/source'] },
      build: {
        write: false,
        target: 'es2023',
        minify: true,
        modulePreload: false,
        rolldownOptions: {
          input: entry,
          preserveEntrySignatures: 'strict',
          external: [/^node:/, /binaries\.generated/],
        },
      },
    });
    const { output } = result as Rolldown.RolldownOutput;
    const chunks = new Map(
      output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
    );
    /** Files that this one loads at once, itself among them. */
    const loadedBy = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
      const chunk = chunks.get(name);
      if (!chunk || seen.has(name)) return seen;
      seen.add(name);
      for (const other of chunk.imports) loadedBy(other, seen);
      return seen;
    };
    /** Files that are loaded with this module, which is loaded when it is needed. */
    const loadedWith = (module: string) => {
      const [name] = [...chunks].find(([, { facadeModuleId }]) => facadeModuleId?.endsWith(module)) ?? [];
      return name === undefined ? [] : [...loadedBy(name)];
    };
    const gzip = (names: Iterable<string>) =>
      [...new Set(names)].reduce((sum, name) => sum + gzipSync(chunks.get(name)!.code).length, 0) / 1000;
    const start = loadedWith('/entry.js');
    const plain = [...start, ...loadedWith('/auto-sampler.ts')];
    return {
      start: gzip(start),
      plain: gzip(plain),
      transfer: gzip([...plain, ...loadedWith('/transfer-sampler.ts')]),
      minified: start.reduce((sum, name) => sum + chunks.get(name)!.code.length, 0) / 1000,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
