import { InvalidArgumentError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { ScoreTableError } from './errors.ts';
import { cellsOfBudget, readScoreTable, rowsOf, writeScoreTable } from './score-table.ts';

describe('score table', () => {
  it.each([
    ['tabs', 'ckpt\ta\tb\nx-1\t0.5\t\nx-2\tNaN\t1e-3\n'],
    ['commas, CRLF and a byte order mark', '\uFEFFckpt,a,b\r\nx-1,0.5,\r\nx-2,NA,0.001'],
    ['semicolons and quotes', 'ckpt;"a";b\n"x-1";0.5;-\n\nx-2;null;"1e-3"\n'],
  ])('reads partial matrices with %s', (_, text) => {
    const table = readScoreTable(text);
    expect(table.rows).toEqual(['x-1', 'x-2']);
    expect(table.columns).toEqual(['a', 'b']);
    expect([...table.scores.data]).toEqual([0.5, Number.NaN, Number.NaN, 0.001]);
  });

  it('writes what it reads back exactly, awkward names too', () => {
    const table = readScoreTable('r,"a, ""b""",c\n" x",0.1,0.30000000000000004\ny,,-1e-300\n');
    expect(table.columns[0]).toBe('a, "b"');
    for (const separator of ['\t', ',', ';'] as const)
      expect(readScoreTable(writeScoreTable(table, separator))).toEqual(table);
  });

  it.each([
    ['', 1, /empty/],
    ['name\n', 1, /no columns/],
    ['r,a\n', 2, /no rows/],
    ['r,a,b\nx,1\n', 2, /2 fields, not 3/],
    ['r,a\nx,1\ny,good\n', 3, /"good" in column a/],
    ['r,a\nx,Infinity\n', 2, /no finite number/],
    ['r,a,a\nx,1,2\n', 1, /twice/],
    ['r,a,\nx,1,2\n', 1, /no name/],
    ['r,a\nx,1\nx,2\n', 3, /occurs twice/],
    ['r,a\n,1\n', 2, /no name/],
    ['r,a\n"x,1\n', 2, /not closed/],
    ['r,a\n"x"y,1\n', 2, /after the closing quote/],
  ])('says which line of %j is wrong', (text, line, message) => {
    let error: unknown;
    try {
      readScoreTable(text);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(ScoreTableError);
    expect((error as ScoreTableError).line).toBe(line);
    expect((error as ScoreTableError).message).toMatch(message);
  });

  it('takes positions from the ends of names, all or none', () => {
    expect(rowsOf(['checkpoint-100', 'checkpoint-1150'])).toEqual([
      { name: 'checkpoint-100', position: 100 },
      { name: 'checkpoint-1150', position: 1150 },
    ]);
    expect(rowsOf(['step_5.pt', 'step_2.5.pt'])).toEqual([
      { name: 'step_5.pt', position: 5 },
      { name: 'step_2.5.pt', position: 2.5 },
    ]);
    expect(rowsOf(['llama-7', 'gemma'])).toEqual(['llama-7', 'gemma']);
    expect(rowsOf(['a-7', 'b-7'])).toEqual(['a-7', 'b-7']);
  });

  it('reads budgets as counts and as shares', () => {
    const size = { rows: 121, columns: 71 };
    expect(cellsOfBudget('5%', size)).toBe(430);
    expect(cellsOfBudget('0.5 %', size)).toBe(43);
    expect(cellsOfBudget('40', size)).toBe(40);
    expect(cellsOfBudget(40, size)).toBe(40);
    for (const bad of ['', 'x', '-1', '1.5', '101%', '9000'])
      expect(() => cellsOfBudget(bad, size)).toThrow(InvalidArgumentError);
  });
});
