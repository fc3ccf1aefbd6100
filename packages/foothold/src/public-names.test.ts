import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const configFile = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url));
const entries = ['index', 'experimental'];
const pathOf = (entry: string) => fileURLToPath(new URL(`./${entry}.ts`, import.meta.url));

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
  const { config } = ts.readConfigFile(configFile, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(configFile));
  const program = ts.createProgram(entries.map(pathOf), { ...options, noEmit: true });
  for (const entry of entries) {
    const names = namesOf(program, pathOf(entry));
    expect(names.length).toBeGreaterThan(10);
    await expect(`${names.join('\n')}\n`).toMatchFileSnapshot(`../public-names/${entry}.txt`);
    if (entry === 'index') expect(names.filter((name) => name.startsWith('value ')).length).toBeLessThan(49);
  }
});

it('exports each name once: the TransferSource of foothold is the one that its functions take', async () => {
  const { minimize, searchSpace, uniform } = await import('./index.ts');
  type Source = import('./index.ts').TransferSource;
  const source: Source = {
    name: 'earlier',
    trials: [0.9, 0.2, 0.6].map((x) => ({ params: { x }, value: x })),
  };
  const { trials } = await minimize(({ x }) => x, searchSpace({ x: uniform(0, 1) }), {
    trials: 2,
    transfer: [source],
  });
  expect(trials[0]!.params.x).toBeLessThan(0.4);
});
