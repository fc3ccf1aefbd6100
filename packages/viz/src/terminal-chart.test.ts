import { describe, expect, it } from 'vitest';
import { bestOfValues, sparkline, terminalChart } from './index.ts';

describe('terminalChart', () => {
  it('keeps to its width and prints no escape code unless asked', () => {
    const values = Array.from({ length: 500 }, (_, i) => Math.sin(i / 40) * 1e7);
    for (const width of [20, 33, 80, 120]) {
      const text = terminalChart({
        series: [{ name: 'a name that is longer than the plot is wide, by far', values }],
        width,
      });
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
      expect(text).not.toContain('\u001b');
    }
    expect(terminalChart({ series: [{ name: 'a', values }], color: true })).toContain('\u001b[34m');
  });
  it('draws a rising line from the lower left to the upper right', () => {
    const rows = terminalChart({ series: [{ name: '', values: [0, 1, 2, 3] }], width: 20, height: 4 }).split(
      '\n',
    );
    expect(rows[0]).toMatch(/^3 ┤ +\S+$/);
    expect(rows[3]).toMatch(/^0 ┤⣀/);
  });
  it('leaves control characters of names out', () => {
    expect(terminalChart({ series: [{ name: 'a\u001b[2Jb\r\n', values: [1] }] })).toMatch(/━ a\[2Jb$/);
  });
  it('leaves room for planned trials', () => {
    expect(terminalChart({ series: [{ name: '', values: [1, 2] }], positions: 30 })).toMatch(/1 +30$/);
  });
});

describe('sparkline', () => {
  it('spans the lowest to the highest block, blank where nothing is finite', () => {
    expect(sparkline([0, Number.NaN, 7])).toBe('▁ █');
    expect(
      sparkline(
        Array.from({ length: 1000 }, (_, i) => i),
        8,
      ),
    ).toBe('▁▂▃▄▅▆▇█');
    expect(sparkline([])).toBe('');
    expect(sparkline([-1.7e308, 1.7e308])).toHaveLength(2);
  });
});

describe('bestOfValues', () => {
  it('passes over what is not finite', () => {
    expect([...bestOfValues([NaN, 3, -Infinity, 2, 5], 'minimize')]).toEqual([NaN, 3, 3, 2, 2]);
    expect([...bestOfValues([1, Infinity, 5, 2], 'maximize')]).toEqual([1, 1, 5, 5]);
  });
});
