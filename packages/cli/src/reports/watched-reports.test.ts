import { describe, expect, it } from 'vitest';
import { watchedReports } from './watched-reports.ts';

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, k) => `{"step":${from + k},"value":0.5}\n`).join('');

describe('reports that a program prints at once', () => {
  it('are recorded together, and none after the one that ends the trial', async () => {
    const groups: number[][] = [];
    const watched = watchedReports(
      async (reports) => {
        groups.push(reports.map(({ step }) => step));
        await new Promise((resolve) => setTimeout(resolve, 10));
        return reports.findIndex(({ step }) => step === 6);
      },
      { metric: undefined },
    );
    watched.add(lines(0, 3));
    await new Promise((resolve) => setTimeout(resolve, 1));
    watched.add(lines(3, 5) + lines(5, 6).slice(0, 4));
    watched.add(lines(5, 6).slice(4) + lines(6, 9));
    await new Promise((resolve) => watched.signal.addEventListener('abort', resolve));
    watched.add(lines(9, 12));
    expect(await watched.end()).toBe(true);
    expect(groups).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6, 7, 8],
    ]);
  });
});
