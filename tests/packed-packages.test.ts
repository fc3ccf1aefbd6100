import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lowestNode, root } from '../scripts/workspace.ts';
import { codeBlocks } from './code-blocks.ts';
import { describePackedCommand } from './packed/describe-packed-command.ts';
import { describePackedLibrary } from './packed/describe-packed-library.ts';
import { refusedEngines } from './packed/refused-engines.ts';
import { byName, installInto, packages, packedTarballs, withDependencies } from './packed/tarballs.ts';
import { userEnvironment } from './packed/user-environment.ts';
import { runCommand } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-packed-'));
const env = userEnvironment();
let tarballs: ReadonlyMap<string, string>;

beforeAll(async () => {
  tarballs = await packedTarballs(folder);
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(packages)('$manifest.name, packed and installed alone', ({ folder: source, manifest }) => {
  it('is imported from plain JavaScript and from strict TypeScript, and its README runs', {
    timeout: 300_000,
  }, async () => {
    const home = join(folder, manifest.name.replace('/', '-'));
    const snippets = codeBlocks(join(root, source, 'README.md')).filter(({ language }) => language === 'ts');
    expect(snippets.length, 'the README shows how to use it').toBeGreaterThan(0);
    const shown = snippets.flatMap(({ code }) =>
      [...code.matchAll(/from '([^']+)'/g)].map((match) => match[1]!),
    );
    const ours = Object.fromEntries(
      [...withDependencies(manifest.name, new Set(), shown)].map((name) => [
        name,
        `file:${tarballs.get(name)}`,
      ]),
    );
    const optional = Object.keys(manifest.peerDependencies ?? {}).filter((name) => !byName.has(name));
    const peers = Object.fromEntries(
      optional.map((name) => [name, manifest.devDependencies?.[name] ?? manifest.peerDependencies![name]!]),
    );
    await installInto(home, { ...ours, ...peers });
    const files = readdirSync(join(home, 'node_modules', manifest.name), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.filter((name) => /\.(test|fixture)\.|fixtures/.test(name))).toEqual([]);
    // Peers are the user's choice; what we install ourselves must run where our packages say that they do.
    if (optional.length === 0) expect(refusedEngines(home, lowestNode)).toEqual([]);

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

describe('foothold, packed and installed by npm', () => {
  const home = join(folder, 'one-install');
  beforeAll(async () => {
    const files = [...withDependencies('foothold')].map((name) => [name, `file:${tarballs.get(name)}`]);
    const { stderr } = await installInto(home, Object.fromEntries(files));
    expect(stderr).not.toContain('EBADENGINE');
  }, 300_000);

  describePackedLibrary(home);
  describePackedCommand(home);
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
