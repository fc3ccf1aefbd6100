import { describe, expect, it } from 'vitest';
import { wordsIn } from '../scripts/check-words.ts';

const found = (text: string, file = 'a.md') =>
  wordsIn(file, text).map((fault) => /"([^"]*)"/.exec(fault)?.[1]);

describe('the check of words', () => {
  it.each([
    'const purse = 1;',
    'const mostDoubt = 1;',
    'trustOfFew(sources)',
    'The model FORETELLS them.',
    'unless\n * told',
    'the bend of the outputs',
    'values turned round',
    'export function sourceOn() {}',
    'see source-focus.ts',
    'see row-on.ts',
    'one deviation wide',
    'const fewestRows = 3;',
    'points that lie apart',
  ])('finds one in: %s', (text) => {
    expect(found(text).length).toBeGreaterThan(0);
  });

  it.each([
    'a trust region, the trustRegion sampler, trust-region.ts, a trust\n// region',
    'one standard deviation, standardDeviation(x), the standard\n * deviations, median absolute deviation',
    'a sparse matrix, a trustee, hopscotch, a dearth, an ownership',
    'the most likely one, the least squares, leastSquares(a, b)',
    'one row on each side, a source on disk',
    'crowding distance; two decimal places; server.listen(0)',
    'They run. Told trials count.',
  ])('finds none in: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('names file, line, word and what to write', () => {
    expect(wordsIn('x/y.ts', 'a\nb\n// its purse\n')).toEqual([
      'x/y.ts:3 "purse": write budget, or what is left of it',
    ]);
  });
});
