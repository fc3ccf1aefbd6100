import { type Surrogate, seeded } from '@foothold/core';
import {
  gated,
  gaussianProcess,
  multiTask,
  quantileTransfer,
  rankingWeighted,
  stackedResidual,
  twoStage,
} from '@foothold/gp-models';
import { thompsonSampling } from '@foothold/samplers';
import { mapStudyToSpace, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { createStudy } from './create-study.ts';
import { type TransferMethod, transferMethods } from './transfer-methods.ts';

const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
const f = (a: number, b: number, shift = 0) => (a - 0.4 - shift) ** 2 + (b - 0.6) ** 2;
const past = (name: string, shift: number, unit: number) => {
  const rng = seeded(name);
  const trials = Array.from({ length: 20 }, () => {
    const params = { a: rng.next(), b: rng.next() };
    return { params, value: unit * f(params.a, params.b, shift) };
  });
  return { name, trials, direction: 'minimize' as const };
};
const earlier = [past('near', 0.05, 1), past('far', -0.1, 40)];
const sources = earlier.map((study) => mapStudyToSpace(space, study).task);
const { columns } = space;
const plain = gaussianProcess({ columns });
const surrogates: [string, Surrogate][] = [
  ['rankingWeighted', rankingWeighted(sources, plain)],
  ['twoStage', twoStage(sources, plain)],
  ['stackedResidual', stackedResidual(sources, plain)],
  ['quantileTransfer', quantileTransfer(sources, plain)],
  ['multiTask', multiTask(sources, { columns })],
  ['gated', gated(twoStage(sources, plain), plain, { folds: 3 })],
];
const distance = (p: { a: number; b: number }, q: { a: number; b: number }) =>
  Math.hypot(p.a - q.a, p.b - q.b);

describe('Thompson sampling', () => {
  it.each(surrogates)('draws from the joint belief of %s, several at a time', async (_, surrogate) => {
    const study = createStudy({
      space,
      direction: 'minimize',
      sampler: thompsonSampling({ surrogate, initialTrials: 2, candidates: 128 }),
      trials: 12,
    });
    for (let round = 0; round < 4; round++) {
      const asked = [await study.ask(), await study.ask(), await study.ask()];
      for (const { number, params } of asked)
        await study.tell(number, { state: 'complete', value: f(params.a, params.b) });
    }
    expect((await study.best())!.value).toBeLessThan(0.02);
  });
});

describe('several trials at once', () => {
  it.each(Object.keys(transferMethods) as TransferMethod[])(
    'by %s keep a distance while they run',
    async (method) => {
      const study = createStudy({ space, direction: 'minimize', transfer: earlier, method, trials: 20 });
      for (let k = 0; k < 3; k++) {
        const { number, params } = await study.ask();
        await study.tell(number, { state: 'complete', value: f(params.a, params.b) });
      }
      const running = [];
      for (let k = 0; k < 4; k++) running.push((await study.ask()).params);
      for (const [i, p] of running.entries())
        for (const q of running.slice(0, i)) expect(distance(p, q)).toBeGreaterThan(1e-3);
    },
  );
});
