import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { keptResults } from '../benchmarks/src/page/kept-results.ts';
import { pageOf } from '../benchmarks/src/page/write-page.ts';

describe('docs/benchmarks.md', () => {
  it('is what `pnpm bench page` writes of the results that are kept', () => {
    const page = readFileSync(fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url)), 'utf8');
    expect(pageOf(keptResults())).toBe(page);
  });
});
