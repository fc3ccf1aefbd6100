import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cutTo } from './cut-to.ts';

describe('cutTo', () => {
  it('never makes a text wider than asked, and cuts no character in two', () => {
    const texts = [
      'plain text',
      '寛寛寛寛寛',
      'a寛b寛',
      '👨‍👩‍👧👨‍👩‍👧',
      'e\u0301e\u0301e\u0301',
      '',
      '𝔵'.repeat(9),
    ];
    for (const text of texts)
      for (let cells = 0; cells < 25; cells++) {
        const cut = cutTo(text, cells);
        expect(stringWidth(cut)).toBeLessThanOrEqual(cells);
        if (stringWidth(text) <= cells) expect(cut).toBe(text);
        else if (cells > 0) expect(text.startsWith(cut.slice(0, -1))).toBe(true);
        expect(cut).not.toMatch(/\p{Surrogate}/u);
      }
  });
});
