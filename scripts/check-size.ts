import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
  /** With what a study of one objective loads by its twelfth trial, from the default sampler with its model. */
  readonly plain?: number;
  /** With what one of an earlier study loads too. */
  readonly transfer?: number;
}

/**
 * What was reached on 2026-11-30, rounded up by a few per cent. The packages are built as one file a module, so that a bundle of
 * what is published splits as one of the sources does.
 */
const budgets: readonly SizeBudget[] = [
  { name: "export * from '@foothold/core'", code: "export * from '@foothold/core';", start: 4.4 },
  {
    name: "import { random, createStudy } from 'foothold'",
    code: "export { random, createStudy } from 'foothold';",
    start: 26.6,
  },
  {
    name: "import { minimize } from 'foothold'",
    code: "export { minimize } from 'foothold';",
    ...{ start: 25.8, plain: 60, transfer: 86 },
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
      faults.push(`${name}: what is to be loaded when it is needed is loaded at once, or never`);
    for (const of of parts)
      if (sizes[of] > limits[of]!) faults.push(`${name}: ${part(of)} gzip (limits in scripts/check-size.ts)`);
  }
  return faults;
}

/** Limits of a page: `first` is what it loads before its first view, `later` what comes when it is needed; kB as above. */
const pages = [
  // Later: the charts' renderer, the model and the score matrix: their views, their worker and the samplers.
  { app: 'dashboard', first: 350, later: 590 },
  // Later: the same, the editor, the compiler, the worker of the studies, and TensorFlow.js (293 kB) for programs that import it.
  { app: 'playground', first: 124, later: 1530 },
] as const;

/** Limit of the page of reports without studies, in kB of the file: what is left of 1,500 kB is for the log of 1,000 trials. */
const reportLimit = 890;

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

/** Sizes in kB of the program's bundle, which is made from the sources: of the files that it has loaded, run to each point. */
async function bundled(code: string) {
  const folder = mkdtempSync(join(root, 'packages/foothold/.size-'));
  try {
    const chunks = await bundleOf(code, folder);
    // Each file says when it runs.
    const loaded = new Set<string>();
    const key = folder;
    Object.assign(globalThis, { [key]: loaded });
    for (const { fileName, code: text } of chunks)
      writeFileSync(
        join(folder, fileName),
        `globalThis[${JSON.stringify(key)}].add(${JSON.stringify(fileName)});${text}`,
      );
    const now = () => {
      const files = chunks.filter(({ fileName }) => loaded.has(fileName));
      return {
        gzip: files.reduce((sum, file) => sum + gzipSync(file.code).length, 0) / 1000,
        minified: files.reduce((sum, file) => sum + file.code.length, 0) / 1000,
      };
    };
    const entry = chunks.find(({ isEntry }) => isEntry)!.fileName;
    const { minimize } = await import(pathToFileURL(join(folder, entry)).href);
    const { gzip: start, minified } = now();
    const trials = minimize && (await runOf(minimize));
    const plain = now().gzip;
    if (trials) await runOf(minimize, [{ name: 'earlier', trials }]);
    return { start, minified, plain, transfer: now().gzip };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The trials of a study with the default sampler that has come to models; of a continuous, a whole and a categorical parameter. */
async function runOf(minimize: Minimize, transfer?: readonly unknown[]): Promise<readonly unknown[]> {
  const levels = { n: 5, c: 3 };
  const columns = [
    { kind: 'continuous', name: 'x' },
    { kind: 'ordinal', name: 'n', levels: levels.n },
    { kind: 'categorical', name: 'c', levels: levels.c },
  ];
  const space = {
    columns,
    features: ['continuous'],
    encode: ({ x, n, c }: Point) => Float64Array.of(x, (n + 0.5) / levels.n, (c + 0.5) / levels.c),
    decode: ([x, n, c]: readonly number[]) => ({
      x,
      n: Math.floor(n! * levels.n),
      c: Math.floor(c! * levels.c),
    }),
  };
  const objective = ({ x, n, c }: Point) => (x - 0.3) ** 2 + (n - 3) ** 2 + c;
  const { trials } = await minimize(objective, space, { trials: 12, ...(transfer && { transfer }) });
  return trials;
}

interface Point {
  readonly x: number;
  readonly n: number;
  readonly c: number;
}
type Minimize = (
  objective: (params: Point) => number,
  space: object,
  options: object,
) => Promise<{ readonly trials: readonly unknown[] }>;

/** The files of the bundle, minified. */
async function bundleOf(code: string, folder: string): Promise<readonly Rolldown.OutputChunk[]> {
  const entry = join(folder, 'entry.js');
  writeFileSync(entry, code);
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: folder,
    resolve: { conditions: ['@foothold/source'] },
    plugins: [
      {
        name: 'external-binaries',
        enforce: 'pre',
        resolveId: (id) =>
          id.endsWith('binaries.generated.ts')
            ? {
                id: pathToFileURL(join(root, 'packages/linalg/src/binaries.generated.ts')).href,
                external: true,
              }
            : undefined,
      },
    ],
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      // As a library: without the helper that Vite gives an application for the styles of what it loads later. There are none.
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        output: { minify: true },
        // As in an application: what it starts with may also hold what is loaded later in common.
        preserveEntrySignatures: 'allow-extension',
        external: [/^node:/],
      },
    },
  });
  const [{ output }] = result as [Rolldown.RolldownOutput];
  return output.filter((file) => file.type === 'chunk');
}
