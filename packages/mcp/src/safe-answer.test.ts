import { describe, expect, it } from 'vitest';
import { safeAnswer } from './safe-answer.ts';

describe('an answer for an agent', () => {
  it('writes control characters and marks of direction in a form that is seen', () => {
    const note = 'a\u001b[31mb\u202ec\u200bd\u0000\ud800';
    expect(safeAnswer({ note, 'n\u0007': 1 })).toEqual({
      note: 'a\\u{1b}[31mb\\u{202e}c\\u{200b}d\\u{0}\\u{d800}',
      'n\\u{7}': 1,
    });
  });

  it('keeps what texts and numbers say otherwise', () => {
    const answer = {
      text: 'größer 😀\n\tend',
      value: -1e-300,
      none: null,
      list: [1, 'a', true],
      deep: { x: {} },
    };
    expect(safeAnswer(answer)).toEqual(answer);
  });

  it('writes numbers that JSON lacks as texts, and leaves out what is undefined', () => {
    expect(safeAnswer({ high: Infinity, mean: Number.NaN, gone: undefined })).toEqual({
      high: 'Infinity',
      mean: 'NaN',
    });
  });

  it('cuts long texts and long lists, and says how many entries are left out', () => {
    const { note } = safeAnswer({ note: 'x'.repeat(1e6) }) as { note: string };
    expect(note).toHaveLength(2001);
    const trials = Array.from({ length: 10_000 }, () => ({ note: 'y'.repeat(2000) }));
    const safe = safeAnswer({ trials }) as { trials: unknown[]; cut: number };
    expect(safe.trials.length).toBeGreaterThan(40);
    expect(safe.trials.length + safe.cut).toBe(10_000);
    expect(JSON.stringify(safe).length).toBeLessThan(110_000);
  });

  const trial = (number: number, reports = 0) => ({
    number,
    params: Object.fromEntries(Array.from({ length: 60 }, (_, k) => [`parameter_${k}`, 0.123])),
    state: 'complete',
    reports: Array.from({ length: reports }, (_, step) => ({ step, value: 0.5 })),
  });

  it('leaves out trials whole, and no member beside the list', () => {
    const all = Array.from({ length: 200 }, (_, number) => trial(number));
    const { trials, total, cut } = safeAnswer({ trials: all, total: 200 }) as {
      readonly [name: string]: unknown;
      readonly trials: readonly unknown[];
    };
    expect(trials.length).toBeGreaterThan(20);
    expect(trials).toEqual(all.slice(0, trials.length));
    expect({ total, cut }).toEqual({ total: 200, cut: 200 - trials.length });
    expect(safeAnswer({ trials: all }, { isWhole: true })).toEqual({ trials: all });
  });

  it('shows a trial that is too long by itself with a part of its own list', () => {
    const all = [trial(0, 50_000), trial(1)];
    const { trials, cut } = safeAnswer({ trials: all }) as {
      readonly trials: readonly ReturnType<typeof trial>[];
      readonly cut: number;
    };
    const [first, ...others] = trials;
    expect({ ...first, reports: [] }).toEqual(trial(0));
    expect(first!.reports.length).toBeGreaterThan(1000);
    expect(others).toEqual([]);
    expect(cut).toBe(50_000 - first!.reports.length + 1);
  });
});
