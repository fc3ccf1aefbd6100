import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagesIn, root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { runCommand } from './run-command.ts';

const packages = packagesIn('packages').filter(({ manifest }) => manifest.private !== true);
const byName = new Map(packages.map((p) => [p.manifest.name, p]));
const folder = mkdtempSync(join(tmpdir(), 'foothold-packed-'));
const tarballs = new Map<string, string>();

/** What a user has: the PATH without this workspace's own binaries, so that `node` is the machine's. */
const env: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !path.includes('node_modules'))
    .join(delimiter),
  NODE_OPTIONS: '',
};

/** A package and everything of ours that it needs at run time; with `shown`, also what its README imports beside it. */
function withDependencies(
  name: string,
  seen = new Set<string>(),
  shown: readonly string[] = [],
): ReadonlySet<string> {
  seen.add(name);
  for (const other of shown) if (byName.has(other) && !seen.has(other)) withDependencies(other, seen);
  for (const dependency of Object.keys(byName.get(name)?.manifest.dependencies ?? {}))
    if (byName.has(dependency) && !seen.has(dependency)) withDependencies(dependency, seen);
  return seen;
}

beforeAll(async () => {
  const built = await runCommand('pnpm', ['build', '--output-logs=errors-only'], {
    cwd: root,
    timeout: 600_000,
  });
  expect(built.code, built.stdout + built.stderr).toBe(0);
  for (const { folder: source, manifest } of packages) {
    const to = join(folder, 'tarballs', manifest.name.replace('/', '-'));
    mkdirSync(to, { recursive: true });
    const packed = await runCommand('pnpm', ['pack', '--pack-destination', to], { cwd: join(root, source) });
    expect(packed.code, packed.stderr).toBe(0);
    tarballs.set(manifest.name, join(to, readdirSync(to).find((file) => file.endsWith('.tgz'))!));
  }
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(packages)('$manifest.name, packed and installed alone', ({ folder: source, manifest }) => {
  it('is imported from plain JavaScript and from strict TypeScript, and its README runs', {
    timeout: 300_000,
  }, async () => {
    const home = join(folder, manifest.name.replace('/', '-'));
    mkdirSync(home, { recursive: true });
    const snippets = codeBlocks(join(root, source, 'README.md')).filter(({ language }) => language === 'ts');
    expect(snippets.length, 'the README shows how to use it').toBeGreaterThan(0);
    const shown = snippets.flatMap(({ code }) =>
      [...code.matchAll(/from '([^']+)'/g)].map((match) => match[1]!),
    );
    const files = Object.fromEntries(
      [...withDependencies(manifest.name, new Set(), shown)].map((name) => [
        name,
        `file:${tarballs.get(name)}`,
      ]),
    );
    const optional = Object.keys(manifest.peerDependencies ?? {}).filter((name) => !byName.has(name));
    const peers = Object.fromEntries(
      optional.map((name) => [name, manifest.devDependencies?.[name] ?? manifest.peerDependencies![name]!]),
    );
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ name: 'alone', private: true, type: 'module', dependencies: { ...files, ...peers } }),
    );
    const installed = await runCommand(
      'npm',
      ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'],
      {
        cwd: home,
        env,
        timeout: 240_000,
      },
    );
    expect(installed.code, installed.stderr).toBe(0);

    writeFileSync(
      join(home, 'plain.js'),
      `import * as all from '${manifest.name}';\nif (Object.keys(all).length === 0) throw new Error('exports nothing');\nconsole.log('ok');\n`,
    );
    const plain = await runCommand('node', ['plain.js'], { cwd: home, env });
    expect(plain.stdout + plain.stderr).toBe('ok\n');

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
      typeFaults(
        home,
        snippets.map((_, i) => join(home, `snippet-${i}.ts`)),
      ),
    ).toEqual([]);
  });
});

/** What strict TypeScript says of files that use the published types, the types themselves included. */
function typeFaults(home: string, files: readonly string[]): readonly string[] {
  const program = ts.createProgram(files, {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      (d) =>
        `${d.file?.fileName.slice(home.length) ?? ''}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`,
    );
}
