import { describe, expect, it } from 'vitest';
import { keptLines, lastKept, printedLines } from './printed-lines.ts';

describe('lastKept', () => {
  it('has the last 200 lines, and no more of them than 16,384 characters hold', () => {
    const lines = Array.from({ length: 300 }, (_, i) => String(i).padStart(3));
    expect(lastKept(lines)).toEqual(lines.slice(100));
    const long = Array.from({ length: 100 }, (_, i) => String(i).padStart(1000));
    expect(lastKept(long)).toEqual(long.slice(-16));
    expect(lastKept([])).toEqual([]);
  });
});

describe('printedLines', () => {
  it('sends the first line at once, later ones together, and the rest at the end', () => {
    const sent: (readonly string[])[] = [];
    let now = 0;
    const { methods, flush } = printedLines(
      (lines) => sent.push(lines),
      () => now,
    );
    methods.log('a', 1, { x: [2] });
    methods.warn('b\nc');
    now = 100;
    methods.error(new TypeError('d'));
    methods.info(undefined);
    expect(sent).toEqual([['a 1 {"x":[2]}'], ['b', 'c', 'TypeError: d']]);
    flush();
    flush();
    expect(sent.slice(2)).toEqual([['undefined']]);
  });

  it('keeps the last lines of a program that prints without end, and cuts long ones', () => {
    const sent: string[] = [];
    const { methods, flush } = printedLines(
      (lines) => sent.push(...lines),
      () => 0,
    );
    for (let i = 0; i < 10_000; i++) methods.log(i);
    methods.log('x'.repeat(5000));
    flush();
    expect(sent.length).toBeLessThanOrEqual(2 * keptLines + 1);
    expect(sent.at(-2)).toBe('9999');
    expect(sent.at(-1)!.length).toBe(1002);
  });

  it('writes what JSON cannot hold', () => {
    const sent: string[] = [];
    const { methods } = printedLines(
      (lines) => sent.push(...lines),
      () => 0,
    );
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    methods.log(circle, Symbol('s'), 3n);
    expect(sent).toEqual(['[object Object] Symbol(s) 3']);
  });
});
