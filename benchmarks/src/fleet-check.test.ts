import { expect, test } from 'vitest';
import { checkedLog } from './fleet-check.ts';

const asked = (number: number, owner: string, until: number) => ({
  ...{ type: 'asked', at: until - 100, number, params: {}, lease: { owner, until } },
});
const told = (number: number, value: number) => ({
  ...{ type: 'told', at: 0, number, outcome: { state: 'complete', value } },
});
const good = [
  { type: 'created' },
  asked(0, 'a', 100),
  asked(1, 'b', 110),
  asked(0, 'a', 150), // renewed
  told(0, 0.5),
  { type: 'expired', at: 111, number: 1, lost: true },
  asked(1, 'c', 211),
  told(1, 0.25),
];
const acknowledged = new Map([
  [0, 0.5],
  [1, 0.25],
]);
const checked = (events: readonly object[], of: ReadonlyMap<number, number> = acknowledged) =>
  checkedLog(
    events.map((event) => JSON.stringify(event)),
    { trials: 2, acknowledged: of },
  );

test('a log that has each trial once has no faults, and says what was given again', () => {
  expect(checked(good)).toEqual({ faults: [], givenAgain: 1, givenUp: 0 });
});

test('what is lost, doubled, changed or open is a fault', () => {
  const without = (at: number) => good.filter((_, i) => i !== at);
  expect(checked(without(7)).faults).toEqual(['1 trials not finished', '1 acknowledged outcomes lost']);
  expect(checked([...good, told(1, 0.25)]).faults).toContain('1 trials finished twice');
  expect(checked([...good, asked(1, 'd', 500)]).faults).toContain('1 trials given after they had ended');
  expect(checked(without(5)).faults).toEqual([
    '1 trials given to a second worker under the lease of the first',
  ]);
  expect(checked(good.map((event, i) => (i === 5 ? { ...event, at: 110 } : event))).faults).toEqual([
    '1 leases ended before their time',
  ]);
  expect(checked(good.map((event, i) => (i === 7 ? told(1, 0.3) : event))).faults).toEqual([
    '1 outcomes changed',
  ]);
  expect(checked(good, new Map([[0, 0.5]])).faults).toEqual(['1 outcomes that no worker told']);
  expect(checked(without(1)).faults).toContain('1 numbers with a gap');
});

test('a trial that was given up has no acknowledged outcome', () => {
  const givenUp = [
    ...good.slice(0, 6),
    { type: 'told', at: 111, number: 1, outcome: { state: 'failed', reason: 'silent' } },
  ];
  expect(checked(givenUp, new Map([[0, 0.5]]))).toEqual({ faults: [], givenAgain: 0, givenUp: 1 });
  expect(checked(givenUp).faults).toEqual(['1 acknowledged outcomes replaced']);
});
