import { type Matrix, type Params, seeded, type Trial } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { fidelitySpace } from './fidelity-space.ts';
import { targetFidelitySampler } from './target-fidelity-sampler.ts';

const base = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
const levels = [{ name: '1' }, { name: '9' }];
const withFidelity = fidelitySpace(base, { name: 'fidelity', fidelities: [1, 9] });

function trial(number: number, fidelity: number): Trial<Params> {
  const rng = seeded(number);
  const params = { x: rng.next(), y: rng.next(), fidelity };
  const value = (params.x - 0.3) ** 2 + params.y / fidelity;
  return { number, params, reports: [], state: 'complete', value };
}

/** A sampler on a backend that counts its factorizations. */
async function counting() {
  const { stationary: _, ...linalg } = await wasm();
  let calls = 0;
  const cholesky = (a: Matrix) => {
    calls++;
    return linalg.cholesky(a);
  };
  const sampler = targetFidelitySampler({
    ...{ base, withFidelity, levels },
    linalg: { ...linalg, cholesky },
  });
  return { sampler, calls: () => calls };
}

const ask = async (
  { sampler }: Awaited<ReturnType<typeof counting>>,
  trials: readonly Trial<Params>[],
  seed: number,
) => {
  const [proposal] = await sampler.sample({
    ...{ space: withFidelity.space, trials, count: 1, direction: 'minimize' as const },
    rng: seeded(seed),
  });
  return proposal!;
};

it('prepares cheaper fidelities once while they do not change, and proposes the same as a new sampler', async () => {
  const cheap = Array.from({ length: 12 }, (_, k) => trial(k, 1));
  const own = [trial(12, 9), trial(13, 9)];
  const kept = await counting();
  await ask(kept, [...cheap, ...own], 1);
  const before = kept.calls();
  const more = [...cheap, ...own, trial(14, 9)];
  const again = await ask(kept, more, 2);
  const fresh = await counting();
  expect(again).toEqual(await ask(fresh, more, 2));
  expect(kept.calls() - before).toBeLessThan(fresh.calls());
  expect(again.params['fidelity']).toBe(9);
});

it('proposes the same as a new sampler after a trial at a cheaper fidelity', async () => {
  const cheap = Array.from({ length: 8 }, (_, k) => trial(k, 1));
  const kept = await counting();
  await ask(kept, [...cheap, trial(8, 9)], 1);
  const more = [...cheap, trial(8, 9), trial(9, 1)];
  expect(await ask(kept, more, 2)).toEqual(await ask(await counting(), more, 2));
});
