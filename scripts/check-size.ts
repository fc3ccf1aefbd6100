import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { readReportPage } from '../apps/dashboard/report-page.ts';
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
 * What was reached on 2026-11-30, rounded up by a few per cent. The packages are built as one file a module, so that a bundle of
 * what is published splits as one of the sources does.
 */
const budgets: readonly SizeBudget[] = [
  { name: "export * from '@foothold/core'", code: "export * from '@foothold/core';", start: 4.2 },
  {
    name: "import { random, createStudy } from 'foothold'",
    code: "export { random, createStudy } from 'foothold';",
    start: 27,
  },
  {
    name: "import { minimize } from 'foothold'",
    code: "export { minimize } from 'foothold';",
    ...{ start: 26, plain: 67, transfer: 86 },
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

/** Limits of a page: `first` is what it loads before its first view, `later` what comes when it is needed; kB as above. */
const pages = [
  // Later: the charts' renderer, the model and the score matrix: their views, their worker and the samplers.
  { app: 'dashboard', first: 350, later: 580 },
  // Later: the same, the editor, the compiler, the worker of the studies, and TensorFlow.js (293 kB) for programs that import it.
  { app: 'playground', first: 124, later: 1520 },
] as const;

/** Limit of the page of reports without studies, in kB of the file: what is left of 1,500 kB is for the log of 1,000 trials. */
const reportLimit = 880;

/** Faults of the size of the page of reports; prints it. */
export async function reportSizeFaults(print: (line: string) => void): Promise<readonly string[]> {
  const size = Buffer.byteLength(await readReportPage()) / 1000;
  const text = `report without studies: ${size.toFixed(0)} of ${reportLimit} kB`;
  print(text);
  return size > reportLimit ? [`${text} (limit in scripts/check-size.ts)`] : [];
}

/** Faults of the pages' sizes; prints them. */
export async function pageSizeFaults(print: (line: string) => void): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const { app, ...limits } of pages) {
    const { first, later } = await pageSizes(app);
    const text = `${app}: first load ${first.toFixed(1)} of ${limits.first} kB, loaded later ${later.toFixed(1)} of ${limits.later} kB gzip`;
    print(text);
    if (first > limits.first || later > limits.later || later < first)
      faults.push(`${text} (limits in scripts/check-size.ts)`);
  }
  return faults;
}

async function pageSizes(app: string): Promise<{ readonly first: number; readonly later: number }> {
  const { output } = (await build({
    configFile: join(root, 'apps', app, 'vite.config.ts'),
    logLevel: 'error',
    // A page does not load the licences.
    build: { write: false, license: false },
  })) as Rolldown.RolldownOutput;
  const size = (files: (typeof output)[number][]) =>
    files.reduce((sum, file) => sum + gzipSync(file.type === 'chunk' ? file.code : file.source).length, 0) /
    1000;
  // Scripts of a worker are assets.
  const isLater = (file: (typeof output)[number]) =>
    file.type === 'chunk' ? !file.isEntry : file.fileName.endsWith('.js');
  return { first: size(output.filter((file) => !isLater(file))), later: size(output.filter(isLater)) };
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
        // Without the helper that Vite adds to an application for the styles of what it loads later: there are none.
        lib: { entry, formats: ['es'] },
        rolldownOptions: {
          output: { minify: true },
          // As in an application: what it starts with may also hold what is loaded later in common.
          preserveEntrySignatures: 'allow-extension',
          external: [/^node:/, /binaries\.generated/],
        },
      },
    });
    const [{ output }] = result as [Rolldown.RolldownOutput];
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
      const [name] =
        [...chunks].find(([, { moduleIds }]) => moduleIds.some((id) => id.endsWith(module))) ?? [];
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
