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
    expect(safe.trials.length + safe.cut).toBe(10_000);
    expect(JSON.stringify(safe).length).toBeLessThan(110_000);
  });
});
