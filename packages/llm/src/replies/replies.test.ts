import { type Params, seeded } from '@foothold/core';
import { random } from '@foothold/samplers';
import { categorical, integer, logUniform, ordinal, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { space } from '../card/task-card.fixture.ts';
import { configurationText } from '../prompts/configuration-text.ts';
import { configurationsIn } from './configurations-in.ts';
import { numberIn } from './number-in.ts';
import { scoreIn } from './score-in.ts';
import { shownText } from './shown-text.ts';

const two = searchSpace({ lr: logUniform(1e-5, 1e-1), layers: integer(1, 4) });
const found = (reply: string) => configurationsIn(reply, { space: two });

describe('numberIn', () => {
  it.each([
    ['1', 1],
    ['-2.5', -2.5],
    ['+3', 3],
    ['1e-3', 1e-3],
    ['1E+3', 1000],
    ['1.5e-05', 1.5e-5],
    ['.5', 0.5],
    ['5.', 5],
    ['−3e−2', -0.03],
    ['2 × 10^-3', 0.002],
    ['2x10^(4)', 20_000],
    [' 7 ', 7],
    ['-0', -0],
  ])('reads %j', (text, value) => expect(numberIn(text)).toBe(value));
  it.each([
    '',
    '85%',
    'NaN',
    'Infinity',
    '1e999',
    '0x10',
    '1_000',
    '1,000',
    'one',
    '1 2',
    '--1',
    '1e',
    '9'.repeat(65),
  ])('reads no number in %j', (text) => expect(numberIn(text)).toBeUndefined());
});

describe('configurationsIn', () => {
  const both = [
    { lr: 0.001, layers: 2 },
    { lr: 3e-4, layers: 3 },
  ];
  it.each([
    ['marked lines', '## lr: 0.001, layers: 2 ##\n## lr: 3e-4, layers: 3 ##'],
    ['marks that are not closed', '## lr: 0.001, layers: 2\n## lr: 3e-4, layers: 3'],
    [
      'marked lines after words',
      'Sure! Here are two: good ones.\n## lr: 0.001, layers: 2 ##\nand\n## lr: 3E-4, layers: 3 ##\nEnjoy.',
    ],
    ['a JSON list', '[{"lr": 0.001, "layers": 2}, {"lr": 3e-4, "layers": 3.0}]'],
    [
      'JSON in a code fence',
      '```json\n[{"lr":0.001,"layers":2},\n{"lr":"0.0003","layers":3,"why":"deeper"}]\n```',
    ],
    ['objects of Python', "[{'lr': 1e-03, 'layers': 2}, {'lr': 3e-04, 'layers': 3,}]"],
    ['a nested object', '{"configurations": [{"lr": 0.001, "layers": 2}, {"lr": 0.0003, "layers": 3}]}'],
    ['a numbered list', '1. lr: 0.001, layers: 2\n2. lr: 0.0003, layers: 3'],
    [
      'a list of pairs',
      'First\n- **lr**: 0.001\n- **layers**: 2\n\nSecond\n- `lr` = 3e-4\n- `layers` = 3 (deeper)',
    ],
    ['headings', '## Configuration 1\nlr: 0.001\nlayers: 2\n## Configuration 2\nlr: 0.0003\nlayers: 3'],
    ['words', 'lr is 0.001, layers is 2; lr is 0.0003, layers is 3.'],
    ['other letters', '## LR: 0.001, Layers: 2 ##\n## Lr: 3e-4, LAYERS: 3 ##'],
    [
      'thoughts before the answer',
      '<think>lr: 0.05, layers: 4 maybe</think>\n## lr: 0.001, layers: 2 ##\n## lr: 0.0003, layers: 3 ##',
    ],
  ])('reads %s', (_, reply) => {
    expect(found(reply).configurations).toEqual(both);
  });

  it.each([
    ['## lr: 1, layers: 2 ##', 'out-of-range', 'lr is 1, outside'],
    ['## lr: -0.001, layers: 2 ##', 'out-of-range', 'lr is -0.001'],
    ['## lr: 0.01, layers: 2.5 ##', 'out-of-range', 'layers is 2.5'],
    ['## lr: 0.1%, layers: 2 ##', 'unreadable', 'lr is 0.1%'],
    ['## lr: small, layers: 2 ##', 'unreadable', 'lr is small'],
    ['## lr: NaN, layers: 2 ##', 'unreadable', 'lr is NaN'],
    ['## lr: 0.01 ##', 'incomplete', 'layers missing'],
    ['{"alpha": 3}', 'none', ''],
  ])('drops %j as %s, in words', (reply, reason, words) => {
    const { configurations, dropped } = found(reply);
    expect(configurations).toEqual([]);
    if (reason === 'none') return expect(dropped.total).toBe(0);
    expect(dropped).toMatchObject({ total: 1, counts: { [reason]: 1 } });
    expect(dropped.examples[0]).toContain(words);
  });

  it('drops what the trials or the reply have already, and what is more than was wanted', () => {
    const reply = [1, 2, 3, 3, 4, 1].map((layers) => `## lr: 0.01, layers: ${layers} ##`).join('\n');
    const taken = [{ lr: 0.01, layers: 2 }];
    const { configurations, dropped } = configurationsIn(reply, { space: two, taken, limit: 2 });
    expect(configurations.map(({ layers }) => layers)).toEqual([1, 3]);
    expect(dropped.counts).toEqual({ duplicate: 3, surplus: 1 });
  });

  it('knows what a prompt showed with fewer digits', () => {
    const taken = [{ lr: 0.0123456789, layers: 2 }];
    const reply = `## ${configurationText(taken[0]!)} ##`;
    expect(reply).toBe('## lr: 0.0123457, layers: 2 ##');
    expect(configurationsIn(reply, { space: two, taken })).toMatchObject({
      configurations: [],
      dropped: { counts: { duplicate: 1 } },
    });
  });

  it('keeps conditions, constraints and given values', () => {
    const reply = [
      '## lr: 0.01, layers: 2, dropout: 0.1, optimizer: adam, momentum: 0.9 ##',
      '## lr: 0.02, layers: 2, dropout: 0.1, optimizer: sgd ##',
      '## lr: 0.03, layers: 4, dropout: 0.5, optimizer: "RMS prop" ##',
      '## lr: 0.04, layers: 1, dropout: 0.07, optimizer: adam ##',
      "## lr: 0.05, layers: 1, dropout: 0.05, optimizer: 'rms PROP' ##",
    ].join('\n');
    const { configurations, dropped } = configurationsIn(reply, { space });
    expect(configurations).toEqual([
      { lr: 0.01, layers: 2, dropout: 0.1, optimizer: 'adam' },
      { lr: 0.05, layers: 1, dropout: 0.05, optimizer: 'RMS prop' },
    ]);
    expect(dropped.counts).toEqual({ incomplete: 1, constraint: 1, 'out-of-range': 1 });
    const fixed = { layers: 1, optimizer: 'sgd', momentum: 0.5 } as const;
    const given = configurationsIn('{"lr": 0.01, "dropout": 0, "layers": 3}', { space, fixed });
    expect(given.configurations).toEqual([
      { lr: 0.01, layers: 1, dropout: 0, optimizer: 'sgd', momentum: 0.5 },
    ]);
  });

  it('reads choices by their kind', () => {
    const mixed = searchSpace({
      a: categorical('none', null, true, 'true', 7),
      n: ordinal(16, 32),
      t: categorical('a,b', 'c: "d"'),
    });
    const read = (a: string) =>
      configurationsIn(`{"a": ${a}, "n": 32, "t": "a,b"}`, { space: mixed }).configurations[0]?.a;
    expect(['"none"', 'null', 'true', 'True', '7', '7.0'].map(read)).toEqual([
      'none',
      null,
      'true',
      true,
      7,
      7,
    ]);
    const params = { a: null, n: 16, t: 'c: "d"' };
    const text = `## ${configurationText(params)} ##`;
    expect(configurationsIn(text, { space: mixed }).configurations).toEqual([params]);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'reads back what prompts show (seed %i)',
    async (seed) => {
      const made = await random().sample({
        space,
        direction: 'minimize',
        trials: [],
        count: 20,
        rng: seeded(seed),
      });
      const reply = made.map(({ params }) => `## ${configurationText(params)} ##`).join('\n');
      const { configurations, dropped } = configurationsIn(reply, { space });
      expect(dropped.total).toBe(0);
      configurations.forEach((params, i) => {
        expect(Object.keys(params)).toEqual(Object.keys(made[i]!.params));
        expect(params.lr / made[i]!.params.lr).toBeCloseTo(1, 5);
      });
    },
  );

  it.each(['<think>', 'I see.\n<thinking>', '<think>a</think><think>'])(
    'reads nothing in thoughts that were cut off: %j',
    (thoughts) => expect(found(`${thoughts}{"lr": 0.01, "layers": 2}`).configurations).toEqual([]),
  );

  it('does not look at names that JavaScript gives a meaning', () => {
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
      const reply = `{"${name}": {"polluted": true}, "lr": 0.01, "layers": 2}\n## ${name}: 1, lr: 0.02, layers: 2 ##`;
      for (const params of found(reply).configurations as readonly Params[]) {
        expect(Object.keys(params)).toEqual(['lr', 'layers']);
        expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
      }
    }
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before);
    expect(({} as Params)['polluted']).toBeUndefined();
  });
});

describe('scoreIn', () => {
  it.each([
    ['## 0.85 ##', 0.85],
    ['I think ## -1.5e3 ## is likely, in [0, 1].', -1500],
    ['## accuracy: 0.9 ##', 0.9],
    ['0.85', 0.85],
    ['The accuracy will be 0.85.', 0.85],
    ['{"score": 1e-3}', 1e-3],
    ['<think>0.1 or 0.2</think>0.3', 0.3],
    ['−7', -7],
  ])('reads %j', (reply, value) => expect(scoreIn(reply)).toBe(value));
  it.each([
    ['~0.85', 0.85],
    ['score=0.85.', 0.85],
    ['**0.85**', 0.85],
    ['精度は0.85です', 0.85],
    ['<THINK>0.1</THINK>0.2', 0.2],
    ['<thinking>0.1</thinking>\n0.2', 0.2],
    ['<reasoning>0.1</reasoning>0.2<think>or 0.3', 0.2],
    [`<think>${'0.1 '.repeat(100_000)}</think>0.2`, 0.2],
  ])('reads %j', (reply, value) => expect(scoreIn(reply)).toBe(value));
  it.each([
    ...['<think>perhaps 0.3', '<think>a</think><think>0.3', '<Thinking>\n0.3', '<think>0.3</think>'],
    ...[
      '85 %',
      '0.85\u00a0%',
      '85 percent',
      '## 85 per cent ##',
      '10k',
      '5th',
      'v2',
      'ResNet50',
      'ResNet-50',
    ],
  ])('reads nothing in %j', (reply) => expect(scoreIn(reply)).toBeUndefined());
  it.each(['', 'no idea', '85%', '## 85% ##', '0.8 or 0.9', '## ##', 'NaN', '1e999'])(
    'reads nothing in %j',
    (reply) => expect(scoreIn(reply)).toBeUndefined(),
  );
});

describe('shownText', () => {
  it('shows no control characters, hidden marks or halves of characters, on one line', () => {
    expect(shownText('a\u001b[31mred\u0007\n\r\tb\u202ec\u200bd\ufeff\ud800e\u2028f\u0085g')).toBe(
      'a [31mred bcde f g',
    );
    expect(shownText('x'.repeat(500), 10)).toBe(`${'x'.repeat(10)}…`);
    expect(shownText('ключ 鍵 🔑')).toBe('ключ 鍵 🔑');
  });
});

describe('any text at all', () => {
  const pieces = [
    ...[
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '\\',
      '##',
      '#',
      ':',
      '=',
      ',',
      ';',
      '\n',
      ' ',
      ' is ',
      '-',
      '1',
      '0.01',
      'e',
      '%',
    ],
    ...[
      'lr',
      'layers',
      'LR',
      '__proto__',
      '<think>',
      '</think>',
      '<thinking>',
      '```',
      '\u0000',
      '\u001b[2J',
      '\ud800',
      '1. ',
      '(',
      '*',
      'null',
      '−',
      '10^',
    ],
  ];
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('is read without an error (seed %i)', (seed) => {
    const rng = seeded(`fuzz ${seed}`);
    for (let i = 0; i < 100; i++) {
      const length = Math.floor(120 * rng.next());
      const text = Array.from({ length }, () => pieces[Math.floor(pieces.length * rng.next())]).join('');
      const { configurations, dropped } = found(text);
      for (const params of configurations) {
        expect(() => two.encode(params)).not.toThrow();
        expect(Object.keys(params)).toEqual(['lr', 'layers']);
      }
      for (const example of dropped.examples) expect(example).toBe(shownText(example));
      const score = scoreIn(text);
      if (score !== undefined) expect(Number.isFinite(score)).toBe(true);
      expect(shownText(text)).not.toMatch(/\p{Cc}/u);
    }
  });

  // A pattern that looks at each blank again would take minutes: the runner's time limit ends the test.
  it.each([
    ...pieces,
    '## lr: 0.01, layers: 2 ##\n',
    '{"lr": 0.01',
    '   \t',
    'lr: "',
    '1e',
    '1.',
    '"lr',
    "'lr' : '",
  ])('is read in a time that grows with its length: a million of %j', (piece) => {
    const text = `${piece.repeat(Math.ceil(1e6 / piece.length))}!`;
    found(text);
    found(`{${text}`);
    scoreIn(text);
    shownText(text, 1e6);
  });
});

it('a space of one real parameter needs no more than a number with its name', () => {
  const one = searchSpace({ x: uniform(-5, 5) });
  expect(configurationsIn('x: -1.5', { space: one }).configurations).toEqual([{ x: -1.5 }]);
});
