import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';
import { expect, it } from 'vitest';
import { lowestNode } from '../../scripts/workspace.ts';
import { runCommand } from '../run-command.ts';
import { installedNodes } from './installed-nodes.ts';
import { installed, refusedEngines } from './refused-engines.ts';

/** What the command and the charts need and the library does not. */
const notForTheLibrary = ['foothold/dist/command', 'csv-parse', 'valibot', 'vega', 'vega-lite'];

/** Tests of `import … from 'foothold'` in a folder where npm installed it. */
export function describePackedLibrary(home: string): void {
  it('has nothing installed that refuses the oldest Node we support', () => {
    expect(installed(join(home, 'node_modules')).length).toBeGreaterThan(20);
    expect(refusedEngines(home, lowestNode)).toEqual([]);
    expect(refusedEngines(home, '12.0.0')).not.toEqual([]);
  });

  it.each(installedNodes())(
    'is imported by Node $version without the code of the command or of charts',
    {
      timeout: 60_000,
    },
    async ({ env }) => {
      const away = (name: string) => join(home, `away-${name.replaceAll('/', '-')}`);
      const there = (name: string) => join(home, 'node_modules', name);
      writeFileSync(
        join(home, 'library.js'),
        `import { charts, checkpointStudy, minimize, searchSpace, smallToLarge, uniform } from 'foothold';
       const { value } = await minimize(({ x }) => (x - 0.3) ** 2, searchSpace({ x: uniform(0, 1) }), { trials: 8 });
       if (!(value < 0.1)) throw new Error('minimize found ' + value);
       const study = checkpointStudy({ rows: [1, 2], columns: ['a'], seed: 0 });
       const [cell] = study.ask({ count: 1 });
       console.log(typeof smallToLarge, typeof charts.report, cell.column);`,
      );
      expect(notForTheLibrary.filter((name) => !existsSync(there(name)))).toEqual([]);
      for (const name of notForTheLibrary) renameSync(there(name), away(name));
      try {
        const ran = await runCommand('node', ['library.js'], { cwd: home, env });
        expect(ran.stdout + ran.stderr).toBe('function function 0\n');
      } finally {
        for (const name of notForTheLibrary) renameSync(away(name), there(name));
      }
    },
  );

  it.each(installedNodes())(
    'serves studies by its subpaths on Node $version, and a program works at one over HTTP',
    { timeout: 60_000 },
    async ({ env }) => {
      writeFileSync(
        join(home, 'server.js'),
        `import { memoryStorage, optimize } from 'foothold';
       import { ledger } from 'foothold/llm';
       import { studyTools } from 'foothold/mcp';
       import { studyReport } from 'foothold/server';
       import { listen, reportPage } from 'foothold/server/node';
       import { remoteStudy } from 'foothold/server/remote';
       const token = 'a-token-of-16-characters-or-more';
       const storage = memoryStorage();
       const opened = await listen({ storage, token, clock: () => Date.now() });
       const create = { space: { x: { type: 'real', low: -1, high: 1 } } };
       const study = await remoteStudy(opened.url, { name: 'p', token, create });
       await optimize(study, ({ x }) => x * x, { trials: 7 });
       const studies = [{ name: 'p', events: await storage.read('p', 0) }];
       const html = await studyReport({ page: await reportPage(), studies, writtenAt: 0, program: 'a test' });
       console.log((await study.trials()).length, html.includes('in trial'), typeof ledger, typeof studyTools);
       await opened.close();`,
      );
      const ran = await runCommand('node', ['server.js'], { cwd: home, env });
      expect(ran.stdout + ran.stderr).toBe('7 true function function\n');
    },
  );

  it('adds nothing to a bundle that uses the library part alone', { timeout: 120_000 }, async () => {
    const [all, part] = [await bundled(home, 'foothold'), await bundled(home, '@foothold/optimize')];
    expect(part.size).toBeGreaterThan(10_000);
    expect(all.size).toBeLessThan(1.01 * part.size);
    // The parts are separate files in the packages: scripts/check-size.ts has the limits, for the sources.
    expect(all.start).toBeLessThan(145_000);
  });
}

/** Characters of a minified bundle that uses `minimize` from this package: of all its files, and of those loaded at once. */
async function bundled(
  home: string,
  name: string,
): Promise<{ readonly size: number; readonly start: number }> {
  const entry = join(home, `bundle-${name.replace('/', '-')}.js`);
  writeFileSync(
    entry,
    `import { minimize, searchSpace, uniform } from '${name}';
     export const run = () => minimize(({ x }) => x, searchSpace({ x: uniform(0, 1) }), { trials: 3 });`,
  );
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: home,
    build: { write: false, target: 'es2023', lib: { entry, formats: ['es'] }, minify: true },
  });
  const [{ output }] = result as [Rolldown.RolldownOutput];
  const chunks = output.filter((file) => file.type === 'chunk');
  const atOnce = new Set(chunks.flatMap(({ isEntry, fileName }) => (isEntry ? [fileName] : [])));
  for (const loaded of atOnce)
    for (const other of chunks.find(({ fileName }) => fileName === loaded)?.imports ?? []) atOnce.add(other);
  const sizeOf = (of: typeof chunks) => of.reduce((sum, { code }) => sum + code.length, 0);
  return { size: sizeOf(chunks), start: sizeOf(chunks.filter(({ fileName }) => atOnce.has(fileName))) };
}
