import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { program } from './program.ts';

it('the program in logs has the version of the package: change packages/optimize/src/program.ts at a release', () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(program).toBe(`foothold ${(manifest as { readonly version: string }).version}`);
});
