import type { TokenLogProbability } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { classShareIn } from './class-share-in.ts';

const token = (text: string, p = 1, others: Readonly<Record<string, number>> = {}): TokenLogProbability => ({
  token: text,
  logProbability: Math.log(p),
  alternatives: Object.entries({ [text]: p, ...others }).map(([form, q]) => ({
    token: form,
    logProbability: Math.log(q),
  })),
});
/** A digit whose probabilities of 1 and 0 are 0.6 and 0.2. */
const one = token('1', 0.6, { '0': 0.2 });
const words = (text: string) => text.split(/(?<=[ \n<>])|(?=[<>])/).map((part) => token(part));

describe('classShareIn', () => {
  it.each([
    ['alone', [one]],
    ['after words', [...words('It is '), one]],
    ['between marks', [token('##'), token(' 1', 0.6, { ' 0': 0.2 }), token(' ##')]],
    ['before a full stop', [one, token('.')]],
    ['behind thoughts', [token('<think>'), token('0'), token('</think>'), one]],
    ['behind thoughts whose marks are several tokens', [...words('<think>0 or 1 </think>\n'), one]],
    ['behind the end of thoughts that began in the prompt', [...words('0 is wrong </think>'), one]],
    ['behind a number with the digit in it', [...words('0.85 is near 10 and '), one]],
    ['behind a number in several tokens', [token('0'), token('.'), token('8'), token(' so '), one]],
    [
      'behind a longer number in several tokens',
      [token('1'), token('0'), token('0'), token(' trials: '), one],
    ],
    ['behind a word with the digit in it', [token('v'), token('1'), token(' gives '), one]],
    ['behind a percentage and the number of an item', [...words('1. about '), token('1'), token('% '), one]],
  ])('reads the digit %s', (_, tokens) => {
    expect(classShareIn(tokens)).toBeCloseTo(0.75, 12);
  });

  it.each([
    ['no tokens', []],
    ['thoughts that were cut off', [token('<think>'), one]],
    ['a number', [token('0'), token('.'), token('9')]],
    ['a digit within a token', [token('class=1', 0.6)]],
    [
      'a probability that is none',
      [{ token: '1', logProbability: Number.NaN, alternatives: [] }, token('x')],
    ],
  ])('reads nothing in %s', (_, tokens) => {
    expect(classShareIn(tokens)).toBeUndefined();
  });

  it('gives the other digit what is left where the provider tells no alternatives', () => {
    for (const [digit, share] of [
      ['1', 0.6],
      ['0', 0.4],
    ] as const)
      expect(classShareIn([{ token: digit, logProbability: Math.log(0.6), alternatives: [] }])).toBeCloseTo(
        share,
        12,
      );
  });
});
