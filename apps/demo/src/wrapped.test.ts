import { describe, expect, it } from 'vitest';
import { wrapped } from './wrapped.ts';

describe('wrapped text', () => {
  it('keeps every word in order, in lines no longer than asked for', () => {
    const text = 'one two three four five six seven eight nine ten eleven twelve';
    for (let width = 6; width < 70; width++) {
      const lines = wrapped(text, width);
      expect(lines.join(' ')).toBe(text);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      // No line could have taken the next one's first word.
      lines.slice(1).forEach((line, i) => {
        expect(lines[i]!.length + 1 + line.split(' ')[0]!.length).toBeGreaterThan(width);
      });
    }
  });
  it('gives a word that is too long a line of its own', () => {
    expect(wrapped('a bbbbbb c', 3)).toEqual(['a', 'bbbbbb', 'c']);
  });
});
