import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';
import { expect, it } from 'vitest';
import { minimize, searchSpace, type TransferSource, uniform } from '../packages/foothold/src/index.ts';
import { root } from '../scripts/workspace.ts';

const entries = ['index', 'experimental'];
const home = join(root, 'packages/foothold');
const pathOf = (entry: string) => join(home, `src/${entry}.ts`);

/** `value NAME` or `type NAME` of everything that this entry exports, in alphabetical order. */
function namesOf(program: ts.Program, entry: string): readonly string[] {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
  return checker
    .getExportsOfModule(module)
    .map((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return `${target.flags & ts.SymbolFlags.Value ? 'value' : 'type'} ${symbol.name}`;
    })
    .sort();
}

it('exports the names of public-names/ and no others: review what changes, then run `vitest -u`', async () => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(entries.map(pathOf), { ...options, noEmit: true });
  for (const entry of entries) {
    const names = namesOf(program, pathOf(entry));
    expect(names.length).toBeGreaterThan(10);
    await expect(`${names.join('\n')}\n`).toMatchFileSnapshot(join(home, `public-names/${entry}.txt`));
    if (entry === 'index') expect(names.filter((name) => name.startsWith('value ')).length).toBeLessThan(49);
  }
});

/** The source file of an export of a package. */
function sourceOf(folder: string, path: string): string {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly '@foothold/source': string }>>;
  };
  return join(folder, exports[path]!['@foothold/source']);
}

it.each([
  ['./server', 'server', '.'],
  ['./server/node', 'server', './node'],
  ['./server/remote', 'server', './remote'],
  ['./llm', 'llm', '.'],
  ['./llm/node', 'llm', './node'],
  ['./mcp', 'mcp', '.'],
  ['./worker', 'worker', '.'],
])('has at %s all of packages/%s at %s, and no more', async (path, name, exported) => {
  const [ours, theirs] = await Promise.all([
    import(sourceOf(home, path)),
    import(sourceOf(join(root, 'packages', name), exported)),
  ]);
  expect(Object.keys(theirs).length).toBeGreaterThan(0);
  expect(Object.entries(ours)).toEqual(Object.entries(theirs));
});

it('exports each name once: the TransferSource of foothold is the one that its functions take', async () => {
  const source: TransferSource = {
    name: 'earlier',
    trials: [0.9, 0.2, 0.6].map((x) => ({ params: { x }, value: x })),
  };
  const { trials } = await minimize(({ x }) => x, searchSpace({ x: uniform(0, 1) }), {
    trials: 2,
    transfer: [source],
  });
  expect(trials[0]!.params.x).toBeLessThan(0.4);
});
