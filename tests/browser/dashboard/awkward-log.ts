import type { StudyEvent } from '@foothold/core';

/** Names that mean something to an expression, a path or a template of a chart's language, and texts that turn the writing around. */
const names = [
  'a.b',
  'c[0]',
  `d"e'f`,
  'datum.x',
  '\\',
  'x$(g)',
  '{{h}}',
  '"]+alert(1)+["',
  '\u202eright to left',
];

/** The log of a study with awkward names, times that no calendar has, numbers at the ends of their range, and very long texts. */
export function awkwardLog(): readonly StudyEvent[] {
  const long = 'endless'.repeat(4000);
  const space = Object.fromEntries([
    ...names.map((name) => [name, { type: 'real', low: -1e308, high: 1e308 }]),
    ['choice', { type: 'categorical', choices: [...names, 'toString', long] }],
  ]);
  const metrics = (number: number) =>
    Object.fromEntries(names.map((name, i) => [name, (number - i) * 1e307]));
  const goal = { direction: 'maximize', constraints: [{ metric: 'a.b', atMost: 1e306 }] } as const;
  const events: StudyEvent[] = [
    { type: 'created', space: space as never, goal, seed: 1, format: 2, at: -8.64e18 },
    { type: 'described', facts: { metric: '"]+alert(1)+["', command: long }, at: 0 },
    { type: 'noted', note: long, attributes: { [long]: long }, at: 8.64e18 },
  ];
  for (let number = 0; number < 10; number++) {
    const at = number % 2 ? 8.64e18 + number : -1e300;
    const params = Object.fromEntries(names.map((name, i) => [name, ((number + i) % 3) * 1e307]));
    const lease = { owner: `${long}:${names[number]}` };
    const choice = number % 4 ? (names[number] ?? 'toString') : long;
    events.push(
      {
        type: 'asked',
        number,
        params: { ...params, choice },
        lease,
        why: { sampler: long, reason: names[number] ?? 'toString' },
        at,
      },
      { type: 'reported', number, step: 1 + number * 1e9, value: number * 1e307, at },
      {
        type: 'told',
        number,
        outcome: { state: 'complete', value: (number - 5) * 1e307, metrics: metrics(number) },
        at: 1 / 3,
      },
      { type: 'printed', number, lines: [long, '\u001b[2J\u0007', ...names], at },
    );
  }
  return events;
}
