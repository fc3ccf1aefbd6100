import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportFigure } from './report-figure.ts';
import { wrongNumbers } from './wrong-numbers.ts';

const figures: readonly ReportFigure[] = [
  { name: 'trials', value: 48, kind: 'count' },
  { name: 'failed trials', value: 3, kind: 'count' },
  { name: 'best value', value: 0.03127, kind: 'quantity' },
  { name: 'accuracy', value: 93.14, kind: 'quantity' },
  { name: 'change', value: -1.25, kind: 'quantity' },
  { name: 'rows', value: 1234, kind: 'count' },
  { name: 'importance of lr', value: 0.6218, kind: 'share', about: ['lr'] },
  { name: 'importance of batch', value: 0.0913, kind: 'share', about: ['batch'] },
  { name: 'lr and batch together', value: 0.2, kind: 'share', about: ['lr', 'batch'] },
  { name: 'best lr', value: 0.00123, kind: 'quantity', about: ['lr'] },
  { name: 'best batch', value: 64, kind: 'quantity', about: ['batch'] },
  { name: 'best x1', value: 7.5, kind: 'quantity', about: ['x1'] },
];
const texts = ['conv2d', '2026-11-29', 'resnet-1a2b', '16', 'CUDA error 700'];
const wrong = (text: string) => wrongNumbers(text, { figures, texts }).map((one) => one.text);

describe('the numbers of a text', () => {
  it.each([
    'The best value is 0.03127, or 0.0313, or 0.031, or 0.03, after 48 trials.',
    'It is 3.127e-2, 3.13×10⁻², 3.1 * 10^-2 or .0313.',
    '`lr` explains 62 % (62.2%, 62.18 percent, 0.62) of the variation.',
    'The accuracy is 93.1 %, about 93; the change is −1.25, or -1.2, or -1.3, minus 1.25, –1.25.',
    '1,234 rows; three trials failed; forty-eight trials in all; 48 trials, of which 3 failed.',
    'The best trial has lr=0.00123, batch = 64 and `x1`: 7.5.',
    'With conv2d on 2026-11-29 the study resnet-1a2b had the failure CUDA error 700 in 3 trials.',
    '1. The first trials were bad.\n2. The second half of none.\n3. This one is better, one of 48.'.replace(
      'half of none',
      'ones were not',
    ),
    'It explains 62 %. The interaction of lr and batch has 20 %.',
    'One can try lr near 1.23e-3 again.',
    '',
  ])('are right in %j', (text) => {
    expect(wrong(text)).toEqual([]);
  });

  it.each([
    ['The best value is 0.0314.', ['0.0314']],
    ['The best value is 0.0312.', ['0.0312']],
    ['The best value is 0.', ['0']],
    ['After 49 trials.', ['49']],
    ['After 48 % of the trials.', ['48 %']],
    ['After 480 trials, 4,800 or 4.8.', ['480', '4,800', '4.8']],
    ['`lr` explains 63 %.', ['63 %']],
    ['`lr` explains 0.62 %.', ['0.62 %']],
    ['The change is 1.25.', ['1.25']],
    ['The best value is -0.0313.', ['-0.0313']],
    ['It is minus 0.0313, negative 0.0313 or –0.0313.', ['minus 0.0313', 'negative 0.0313', '–0.0313']],
    ['After 48 000 trials, 3 k of 3 M.', ['48', '000', '3', '3']],
    ['Four trials failed.', ['Four']],
    ['`lr` explains half of it, twice as much, two thirds.', ['half', 'twice', 'two thirds']],
    ['The fifth trial, the 5th, a tenfold gain.', ['fifth', '5th', 'tenfold']],
    ['conv3d, x2, resnet-1a2c, ResNet50.', ['conv3d', 'x2', '1a2c', 'ResNet50']],
    ['On 2026-11-28.', ['2026', '11', '28']],
    [
      '3/48, 3:48, 0,03, ½, R², 48k, 3‰, ٣, 3.1.2',
      ['3/48', '3:48', '0,03', '½', 'R²', '48k', '3‰', '٣', '3.1.2'],
    ],
    // Of another parameter.
    ['`lr` explains 9 %.', ['9 %']],
    ['batch = 0.00123 and lr = 64', ['0.00123', '64']],
    // Marks that do not count.
    ['1. a\n3. b\n9. c', ['9']],
    ['16', ['16']],
    ['zero point nine three', ['zero point nine three']],
    ['nine three', ['nine three']],
    ['one hundred and five', ['one hundred and five']],
  ])('are wrong in %j', (text, expected) => {
    expect(wrong(text)).toEqual(expected);
  });

  it('are named with the figure that was taken for another parameter’s', () => {
    expect(wrongNumbers('`lr` explains 9 %.', { figures })[0]).toMatchObject({
      index: 14,
      reason: expect.stringContaining('"importance of batch"'),
    });
  });
});

/** A figure with the forms in which a right text may show it. */
const shown = fc
  .record({
    digits: fc.integer({ min: 1000, max: 9999 }),
    scale: fc.integer({ min: -7, max: 3 }),
    sign: fc.constantFrom(1, 1, 1, -1),
    form: fc.constantFrom('count', 'percent', 'decimals', 'scientific'),
    keep: fc.integer({ min: 2, max: 4 }),
  })
  .map(({ digits, scale, sign, form, keep }) => {
    if (form === 'count')
      return { value: digits, kind: 'count' as const, text: String(digits), unit: 1, per: 1 };
    if (form === 'percent') {
      const value = digits / 10_000;
      const text = (100 * value).toFixed(keep - 2);
      return { value, kind: 'share' as const, text: `${text} %`, unit: 10 ** (2 - keep), per: 100 };
    }
    const value = sign * Number(`${digits}e${scale - 3}`);
    if (form === 'scientific')
      return {
        ...{ value, kind: 'quantity' as const, text: value.toExponential(keep - 1) },
        ...{ unit: Number(`1e${scale - keep + 1}`), per: 1 },
      };
    const decimals = Math.max(keep - 1 - scale, 0);
    return { value, kind: 'quantity' as const, text: value.toFixed(decimals), unit: 10 ** -decimals, per: 1 };
  });

const sentence = ['The value is ', ' after a while, (', ') in all; then ', ': that is ', '.'];

describe('any right text', () => {
  const report = fc.array(shown, { minLength: sentence.length - 1, maxLength: sentence.length - 1 });
  const written = (numbers: readonly string[]) =>
    sentence.map((part, i) => `${part}${numbers[i] ?? ''}`).join('');

  it('passes, however its figures are rounded', () => {
    fc.assert(
      fc.property(report, (all) => {
        const figures = all.map(({ value, kind }, i) => ({ name: `figure ${i}`, value, kind }));
        expect(wrongNumbers(written(all.map(({ text }) => text)), { figures })).toEqual([]);
      }),
      { numRuns: 1000, seed: 4 },
    );
  });

  it('is refused with any digit changed, where no other figure has the changed value', () => {
    const change = fc.record({ which: fc.nat(), at: fc.nat(), by: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(report, change, (all, { which, at, by }) => {
        const changed = which % all.length;
        const { text, per } = all[changed]!;
        const positions = [...text.matchAll(/\d/g)].map(({ index }) => index);
        const position = positions[at % positions.length]!;
        const digit = (Number(text[position]) + by) % 10;
        const other = `${text.slice(0, position)}${digit}${text.slice(position + 1)}`;
        const value = Number(other.replace(' %', '')) / per;
        // By what the text shows alone: within one of its last digit of another figure.
        const unit =
          (10 ** -(/\.(\d+)/.exec(other)?.[1]?.length ?? 0) * Number(`1e${/e(.*)$/.exec(other)?.[1] ?? 0}`)) /
          per;
        // A figure in the middle has two roundings.
        fc.pre(Math.abs(Math.abs(all[changed]!.value - value) / unit - 0.5) > 1e-6);
        const isFar = (one: number) =>
          Math.abs(one - value) > unit && Math.abs(one - value * per) > unit * per;
        fc.pre(all.every((one, i) => i === changed || isFar(one.value)));
        const figures = all.map(({ value: v, kind }, i) => ({ name: `figure ${i}`, value: v, kind }));
        const numbers = all.map((one, i) => (i === changed ? other : one.text));
        const found = wrongNumbers(written(numbers), { figures });
        expect(found).toHaveLength(1);
        expect(found[0]!.text).toBe(other);
      }),
      { numRuns: 2000, seed: 4 },
    );
  });

  it('of any characters is checked in time linear in its length, and every digit in it is seen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const found = wrongNumbers(text, { figures: [] });
        const seen = new Set(found.flatMap(({ index, text: t }) => Array.from(t, (_, i) => index + i)));
        const marks = new Set(
          [...text.matchAll(/^[ \t]*\d+[.)][ \t]/gm)].flatMap(({ index, 0: t }) =>
            Array.from(t, (_, i) => index + i),
          ),
        );
        for (const { index } of text.matchAll(/\p{N}/gu))
          if (!marks.has(index)) expect(seen.has(index), JSON.stringify(text)).toBe(true);
      }),
      { numRuns: 1000, seed: 4 },
    );
    for (const part of ['1', '1.', '1,000,', 'one ', 'one-', '`lr` = ', '10^', 'x1 ', '. ', '\n1. ']) {
      const before = performance.now();
      wrongNumbers(part.repeat(6000 / part.length), { figures, texts });
      expect(performance.now() - before).toBeLessThan(1000);
    }
  });
});
