import { describe, expect, it } from 'vitest';
import { markdownOf } from './markdown-of.ts';

describe('markdownOf', () => {
  it('lists values, with three significant digits', () => {
    expect(markdownOf({ seeds: 10, ratio: 0.123456, best: [1.5, 2], none: null })).toBe(
      '- seeds: 10\n- ratio: 0.123\n- best: 1.5 / 2\n- none: –',
    );
  });

  it('makes a table of records by name, and of a list of records', () => {
    expect(markdownOf({ ours: { rank: 1.2 }, theirs: { rank: 2.5, failed: 1 } })).toBe(
      '|  | rank | failed |\n| --- | ---: | ---: |\n| ours | 1.2 |  |\n| theirs | 2.5 | 1 |',
    );
    expect(markdownOf([{ task: 'a|b', value: 1234.56 }])).toBe(
      '| task | value |\n| --- | ---: |\n| a\\|b | 1,230 |',
    );
  });

  it('makes sections of what is deeper', () => {
    expect(markdownOf({ seeds: 2, tasks: { a: { x: { y: 1 } } } })).toBe(
      '- seeds: 2\n\n### tasks\n\n#### a\n\n##### x\n\n- y: 1',
    );
  });
});
