import { seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { textLines } from './text-lines.ts';

describe('textLines', () => {
  it('breaks at spaces, after separators and before capitals', () => {
    expect(textLines('the best trial', 8)).toEqual(['the best', 'trial']);
    expect(textLines('learning_rate_of_x', 9)).toEqual(['learning_', 'rate_of_x']);
    expect(textLines('convolutionKernel', 12)).toEqual(['convolution', 'Kernel']);
    expect(textLines('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
    expect(textLines('', 5)).toEqual([]);
  });

  it('keeps every character but spaces, in lines within the limit, for any text', () => {
    const rng = seeded('lines');
    const alphabet = [...'aB c_-/.1 é✓'];
    for (let k = 0; k < 2000; k++) {
      const text = Array.from(
        { length: Math.floor(rng.next() * 40) },
        () => alphabet[Math.floor(rng.next() * alphabet.length)]!,
      ).join('');
      const limit = 1 + Math.floor(rng.next() * 12);
      const lines = textLines(text, limit);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) expect([...line].length).toBeLessThanOrEqual(limit);
    }
  });
});
