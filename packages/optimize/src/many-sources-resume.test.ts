import { type Params, seeded } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { memoryStorage } from '@foothold/study';
import { expect, it } from 'vitest';
import { createStudy } from './create-study.ts';

const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
const f = (a: number, b: number, shift = 0) => (a - 0.4 - shift) ** 2 + (b - 0.6) ** 2;
const transfer = Array.from({ length: 5 }, (_, k) => {
  const rng = seeded(`source ${k}`);
  // The third and later ones mislead, so that both models get turns.
  const sign = k < 2 ? 1 : -1;
  const trials = Array.from({ length: 15 }, () => {
    const params = { a: rng.next(), b: rng.next() };
    return { params, value: sign * f(params.a, params.b, 0.1 * rng.next()) };
  });
  return { name: `source ${k}`, trials, direction: 'minimize' as const };
});

/** The parameters of 13 trials and whose turn each was; with `reopens` each ask is of a reopened study. */
async function run(reopens: boolean) {
  const storage = memoryStorage();
  const open = () => createStudy({ space, direction: 'minimize', seed: 5, storage, name: 's', transfer });
  let study = open();
  const asked: Params[] = [];
  const turns: unknown[] = [];
  for (let k = 0; k < 13; k++) {
    if (reopens) study = open();
    const { number, params, why } = await study.ask();
    asked.push(params);
    const model = why?.['model'] as { transfer?: { turn?: string } } | undefined;
    turns.push(why?.['turn'] ?? model?.transfer?.turn ?? 'sources');
    await study.tell(number, { state: 'complete', value: f(params.a, params.b) });
  }
  return { asked, turns };
}

it('a study with many sources that is reopened before each ask goes on to the same bits', async () => {
  const whole = await run(false);
  expect(new Set(whole.turns.slice(1))).toEqual(new Set(['plain', 'sources']));
  expect(await run(true)).toEqual(whole);
});
