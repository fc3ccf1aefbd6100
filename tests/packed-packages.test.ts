import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lowestNode, type Manifest, root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { describePackedCommand } from './packed/describe-packed-command.ts';
import { describePackedLibrary } from './packed/describe-packed-library.ts';
import { describePackedLicences } from './packed/describe-packed-licences.ts';
import { describePackedWorker } from './packed/describe-packed-worker.ts';
import { placedAlone } from './packed/placed-alone.ts';
import { refusedEngines } from './packed/refused-engines.ts';
import { byName, installInto, packages, packedTarballs, withDependencies } from './packed/tarballs.ts';
import { typeFaults } from './packed/type-faults.ts';
import { userEnvironment } from './packed/user-environment.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-packed-'));
const env = userEnvironment();
const together = join(folder, 'together');
let tarballs: ReadonlyMap<string, string>;
/** Entries that run when they are imported; `describePackedCommand` runs them. */
const programs = new Set(['@foothold/cli/main']);

/**
 * The packages of others that a user of one of ours chooses, by name. One of any version is that of another package of ours, which says what
 * is missing: `foothold` runs without `pg-boss`.
 */
const peersOf = (manifest: Manifest) =>
  Object.fromEntries(
    Object.entries(manifest.peerDependencies ?? {})
      .filter(([name, range]) => !byName.has(name) && range !== '*')
      .map(([name, range]) => [name, manifest.devDependencies?.[name] ?? range]),
  );

beforeAll(async () => {
  tarballs = await packedTarballs(folder);
  const ours = [...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]);
  const peers = packages.map(({ manifest }) => peersOf(manifest));
  await installInto(together, Object.assign({}, Object.fromEntries(ours), ...peers));
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 300_000);

describe.each(packages)('$manifest.name, packed and installed alone', ({ folder: source, manifest }) => {
  it('is imported from plain JavaScript and from strict TypeScript, each entry of it, and its README runs', {
    timeout: 300_000,
  }, async () => {
    const home = join(folder, manifest.name.replace('/', '-'));
    const snippets = codeBlocks(join(root, source, 'README.md')).filter(({ language }) => language === 'ts');
    expect(snippets.length, 'the README shows how to use it').toBeGreaterThan(0);
    const shown = snippets.flatMap(({ code }) =>
      [...code.matchAll(/from '([^']+)'/g)].map((match) => match[1]!),
    );
    const ours = withDependencies(manifest.name, new Set(), shown);
    const peers = Object.keys(peersOf(manifest));
    placedAlone(together, home, [...ours, ...peers]);
    const files = readdirSync(join(home, 'node_modules', manifest.name), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.filter((name) => /\.(test|fixture)\.|fixtures/.test(name))).toEqual([]);
    // Peers are the user's choice; what we install ourselves must run where our packages say that they do.
    if (peers.length === 0) expect(refusedEngines(home, lowestNode)).toEqual([]);

    const entries = Object.keys(manifest.exports!)
      .map((entry) => `${manifest.name}${entry.slice(1)}`)
      .filter((entry) => !programs.has(entry));
    for (const [i, entry] of entries.entries()) {
      const fails = `throw new Error('${entry} exports nothing')`;
      const text = `import * as all from '${entry}';\nif (Object.keys(all).length === 0) ${fails};\n`;
      writeFileSync(join(home, `entry-${i}.js`), `${text}console.log('ok');\n`);
      writeFileSync(join(home, `entry-${i}.ts`), text);
      const plain = await runCommand('node', [`entry-${i}.js`], { cwd: home, env });
      expect(plain.stdout + plain.stderr).toBe('ok\n');
    }

    for (const [i, { code }] of snippets.entries()) {
      writeFileSync(join(home, `snippet-${i}.ts`), `${code}\nexport {};\n`);
      writeFileSync(
        join(home, `snippet-${i}.js`),
        ts.transpileModule(code, {
          compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
        }).outputText,
      );
      const ran = await runCommand('node', [`snippet-${i}.js`], { cwd: home, env });
      expect(ran.code, ran.stderr).toBe(0);
      expect(ran.stdout.trim()).not.toBe('');
    }
    expect(
      typeFaults(home, [
        ...snippets.map((_, i) => join(home, `snippet-${i}.ts`)),
        ...entries.map((_, i) => join(home, `entry-${i}.ts`)),
      ]),
    ).toEqual([]);
  });
});

describe('foothold, packed and installed by npm', () => {
  const home = join(folder, 'one-install');
  beforeAll(async () => {
    const files = [...withDependencies('foothold')].map((name) => [name, `file:${tarballs.get(name)}`]);
    const { stderr } = await installInto(home, Object.fromEntries(files));
    expect(stderr).not.toContain('EBADENGINE');
  }, 300_000);

  describePackedLicences(home);
  describePackedLibrary(home);
  describePackedCommand(home);
  describePackedWorker(home);
});
