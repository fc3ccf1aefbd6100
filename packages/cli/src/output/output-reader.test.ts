import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputReader } from './output-reader.ts';

/** Reads an output that comes in pieces of `size` characters. */
const read = (output: string, metric?: string, size = output.length || 1) => {
  const reader = outputReader(metric);
  for (let i = 0; i < output.length; i += size) reader.add(output.slice(i, i + size));
  return reader.end();
};
const valueIn = (output: string, metric?: string, size?: number) => {
  const { outcome } = read(output, metric, size);
  return outcome.state === 'complete' ? outcome.value : outcome;
};

/** A finite number as JavaScript, Python and C write it so that it is read back exactly. */
const spellings: readonly ((x: number) => string)[] = [
  String,
  (x) => x.toExponential(),
  (x) => x.toExponential().toUpperCase(),
  (x) => x.toExponential(16),
  (x) => x.toExponential().replace(/e([+-])(\d)$/, 'e$10$2'),
  (x) => (x < 0 || Object.is(x, -0) ? String(x) : `+${x}`),
  (x) => (Number.isInteger(x) && Math.abs(x) < 1e15 ? `${x}.` : String(x)),
  (x) => (Number.isInteger(x) && Math.abs(x) < 1e15 ? `${x}.0` : String(x)),
  (x) => String(x).replace(/^(-?)0\./, '$1.'),
  (x) => x.toPrecision(17),
];
const forms: readonly ((number: string) => string)[] = [
  (n) => `loss=${n}`,
  (n) => `loss: ${n}.`,
  (n) => `epoch 3/9 - loss: ${n} - acc: 0.5`,
  (n) => `{"loss": ${n}, "acc": 1}`,
  (n) => `{'a': {'acc': 1, 'loss': ${n}}}`,
  (n) => `{\n  "acc": 1,\n  "loss": ${n}\n}`,
  (n) => `loss: np.float64(${n})`,
  (n) => `loss: tensor(${n}, device='cuda:0')`,
  (n) => `loss = array([${n}])`,
  (n) => `| loss | ${n} |`,
  (n) => `loss ${n}`,
  (n) => `loss\t${n}\r\nbye`,
  (n) => `\u001b[1mloss\u001b[0m: \u001b[32m${n}\u001b[0m`,
  (n) => `"loss": "${n}"`,
  (n) => `**loss**: \`${n}\``,
  (n) => `[00:01<00:02, loss=${n}]`,
  (n) => `loss: 7\rloss: ${n}\r`,
];

describe('the reader of outputs', () => {
  it('O1: reads back exactly what JavaScript, Python and C write, in every form, cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
        fc.constantFrom(...spellings),
        fc.constantFrom(...forms),
        fc.integer({ min: 1, max: 40 }),
        (x, spelling, form, size) => {
          const text = form(spelling(x));
          expect(valueIn(text, 'loss', size), text).toBe(Object.is(x, -0) ? Number(spelling(x)) : x);
        },
      ),
      { numRuns: 2000, seed: 11 },
    );
  });

  it('takes no number that is not a whole token of the text', () => {
    const piece = fc.constantFrom(
      ...'loss|acc|value|train|epoch|:|=|: |= | |,|.|;|\n|\r|\t|0|1|25|.5|1e3|e|-|+|%|/|_|\'|"|{|}|[|]|(|)|\\|nan|inf|0x1F|tensor(|np.float64(|1,234|12:30|2026-11-28|\u001b[31m|\u001b[2K|é|−|\u202f|±|*|`|│'.split(
        '|',
      ),
      '|',
    );
    // A number between characters that no other notation has next to a number.
    const token =
      /(?<![\p{L}\p{N}_.%$€£~±−])(?<!(?<![\p{L}\p{N}_\-/@#.])[\p{N}.]*\p{N}\.?[,:'/_^*+\-\u202f])[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_%±−/^]|[,:'\-+*.\u202f]\p{N})/gu;
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.constantFrom(undefined, 'loss'),
        (pieces, metric) => {
          const text = pieces.join('');
          const { outcome } = read(text, metric);
          if (outcome.state !== 'complete') return;
          const shown = text.replaceAll('\u001b[31m', '').replaceAll('\u001b[2K', '\n');
          const tokens = [...shown.matchAll(token)].map(([written]) => Number(written));
          for (const figure of [outcome.value, ...Object.values(outcome.metrics ?? {})])
            expect(tokens, JSON.stringify(text)).toContain(figure);
        },
      ),
      { numRuns: 6000, seed: 11 },
    );
  });

  it('says the same however the output is cut, and never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(undefined, 'loss', 'a b'),
        (text, size, metric) => {
          expect(read(text, metric, size)).toEqual(read(text, metric));
        },
      ),
      { numRuns: 2000, seed: 11 },
    );
  });

  // Cubic time took 18 s for 4,000 digits; 128 KiB take some 10 ms here.
  const size = 1 << 17;
  const mixtures = [
    '{"a":',
    '{"a":1,"b":',
    '[',
    '{',
    '(',
    ')',
    '"',
    '"\\',
    '\\"',
    "'a",
    " '",
    'loss:',
    'loss=',
    'loss ',
    'loss: tensor(',
    'loss: tensor("',
    'a(',
    '1,',
    '1:',
    "1'",
    '1e',
    '-',
    '.',
    '1 ',
    '| a | 1 ',
    '{\n',
    '[\n',
    '"a": {\n',
    '\u001b[',
    '\u001b]',
    '\u001b',
    '\b',
    '*',
    'é',
    '\u202f1',
    'train loss: 1 ',
    `${'k'.repeat(150)}: {`,
  ];
  it.each([
    ['20,000 digits and a letter', `${'1'.repeat(20_000)}x`],
    ['half a million digits and a letter', `${'1'.repeat(1 << 19)}x`],
    ...mixtures.map((piece) => [`a block of ${JSON.stringify(piece)}`, piece.repeat(size / piece.length)]),
  ])('O1: reads %s in linear time', { timeout: 20_000 }, (_, text) => {
    for (const metric of [undefined, 'final loss'])
      expect(read(`${text}\nfinal loss: 0.5`, metric).outcome.state).toMatch(/complete|failed/);
    read(`loss: ${text}`, 'loss');
  });
  it('O1: reads a long run of any character in linear time', { timeout: 20_000 }, () => {
    for (let code = 1; code < 256; code++)
      expect(valueIn(`loss: ${String.fromCharCode(code).repeat(20_000)}`, 'loss')).toEqual(
        code === 0x30 ? 0 : { state: 'failed', reason: expect.any(String) },
      );
  });
});
