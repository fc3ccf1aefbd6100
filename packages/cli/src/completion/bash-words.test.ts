import { describe, expect, it } from 'vitest';
import { bashWords } from './bash-words.ts';

describe('bashWords', () => {
  it('joins what bash splits at = : and @, and takes quotes away', () => {
    const of = (...parts: readonly string[]) => bashWords(parts);
    expect(of('tune', '--sampler', '=', 't')).toEqual({ words: ['tune', '--sampler=t'], kept: '--sampler=' });
    expect(of('tune', '--sampler', '=')).toEqual({ words: ['tune', '--sampler='], kept: '--sampler=' });
    expect(of('--storage', 'postgres', ':', '//me', '@', 'h/d', '')).toEqual({
      words: ['--storage', 'postgres://me@h/d', ''],
      kept: '',
    });
    expect(of('--run', `"python t.py \\"a\\" '{x}'"`, `'{"x":1}'`, 'a\\ b', '"open wo')).toEqual({
      words: ['--run', `python t.py "a" '{x}'`, '{"x":1}', 'a b', 'open wo'],
      kept: '',
    });
    expect(of('')).toEqual({ words: [''], kept: '' });
  });
});
