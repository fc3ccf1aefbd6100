import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { packagesIn, root } from '../scripts/workspace.ts';

const rows = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.slice(2, -2).split(' | '));

/** Names of the workspace's exports, and `Name.member` for the members of exported types. */
function exportedNames(wanted: readonly string[]): ReadonlySet<string> {
  const files = packagesIn('packages').map(({ folder }) => join(root, folder, 'src/index.ts'));
  const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config as {
    readonly compilerOptions: object;
  };
  const { options } = ts.convertCompilerOptionsFromJson({ ...base.compilerOptions, types: ['node'] }, root);
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const members = new Set(wanted.filter((name) => name.includes('.')).map((name) => name.split('.')[0]));
  const names = new Set<string>();
  for (const file of files)
    for (const symbol of checker.getExportsOfModule(
      checker.getSymbolAtLocation(program.getSourceFile(file)!)!,
    )) {
      names.add(symbol.name);
      if (!members.has(symbol.name)) continue;
      const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      for (const member of checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(own)))
        names.add(`${symbol.name}.${member.name}`);
    }
  return names;
}

it('docs/glossary.md has at most forty terms in alphabetical order, each with a definition of one or two short sentences', () => {
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.length).toBeLessThanOrEqual(40);
  expect(rows.map((cells) => cells.length)).toEqual(rows.map(() => 4));
  const terms = rows.map(([term]) => term!);
  expect(terms).toEqual([...terms].sort());
  for (const [, meaning] of rows) {
    expect(meaning).toMatch(/\.$/);
    expect(meaning!.split(' ').length).toBeLessThan(30);
  }
});

it('docs/glossary.md names exports of the workspace', { timeout: 120_000 }, () => {
  const wanted = rows.flatMap(([, , code]) => [...code!.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!));
  expect(wanted.length).toBeGreaterThanOrEqual(rows.length);
  const exported = exportedNames(wanted);
  expect(wanted.filter((name) => !exported.has(name))).toEqual([]);
});
