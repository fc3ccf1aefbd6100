import {
  logKnowledgeGradient,
  qLogExpectedImprovement,
  qLowerBoundMaxValueEntropy,
  upperConfidenceBound,
} from '@foothold/acquisitions';
import { type Acquisition, type Column, type Params, seeded, type Trial } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { searchSpace, uniform } from '@foothold/space';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { bayesian } from './bayesian.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
const surrogate = gaussianProcess({ columns: space.columns });
const value = ({ x, y }: Params) => (Number(x) - 0.3) ** 2 + (Number(y) - 0.6) ** 2;

async function best(acquisition: Acquisition, goal: { readonly factor: number; readonly atMost?: number }) {
  const sampler = bayesian({ surrogate, acquisition, initialTrials: 5 });
  const trials: Trial<{ x: number; y: number }>[] = [];
  const { factor, atMost } = goal;
  const constraints = atMost === undefined ? [] : [{ metric: 'sum', atMost }];
  for (let number = 0; number < 16; number++) {
    const rng = seeded(5).fork(number);
    const [made] = await sampler.sample({ space, direction: 'minimize', constraints, trials, count: 1, rng });
    const { params } = made!;
    const metrics = { sum: params.x + params.y };
    trials.push({ number, reports: [], ...made!, state: 'complete', value: factor * value(params), metrics });
  }
  const kept = trials.filter(({ params }) => params.x + params.y <= (atMost ?? 2));
  return {
    trials,
    regret: Math.min(...kept.map(({ params }) => value(params))),
    params: trials.map(({ params }) => params),
  };
}

/** The optimum at x = 0.8, where an evaluation costs eleven times what it costs at 0. */
function figuresWithCost({ x, y }: { readonly x: number; readonly y: number }) {
  return { value: (x - 0.8) ** 2 + (y - 0.5) ** 2, metrics: { seconds: Math.exp(3 * x) } };
}

/** The columns of the suite's space. */
const mixed: readonly Column[] = [
  { kind: 'continuous', name: 'u' },
  { kind: 'ordinal', name: 'n', levels: 4 },
  { kind: 'categorical', name: 'c', levels: 3 },
];
describeSampler('bayesian with qLogExpectedImprovement', () =>
  bayesian({
    surrogate: gaussianProcess({ columns: mixed }),
    acquisition: qLogExpectedImprovement({ samples: 64 }),
  }),
);

describe('bayesian', () => {
  it.each([
    ['qLogExpectedImprovement', qLogExpectedImprovement()],
    ['logKnowledgeGradient', logKnowledgeGradient()],
  ])('comes near the optimum with %s', async (_, acquisition) => {
    expect((await best(acquisition, { factor: 1 })).regret).toBeLessThan(2e-3);
  });

  it('proposes distinct points in one request, the running ones in their joint belief', async () => {
    const { trials } = await best(qLogExpectedImprovement(), { factor: 1 });
    const sampler = bayesian({ surrogate, acquisition: qLogExpectedImprovement(), initialTrials: 5 });
    const made = await sampler.sample({ space, direction: 'minimize', trials, count: 3, rng: seeded(2) });
    for (const [i, a] of made.entries())
      for (const b of made.slice(0, i))
        expect(Math.hypot(a.params.x - b.params.x, a.params.y - b.params.y)).toBeGreaterThan(1e-3);
  });

  it('information beside a cost looks where the value is good, not where the cost is least', async () => {
    const trials = [0.05, 0.3, 0.55, 0.9, 0.7, 0.2, 0.8].map((x, number): Trial<{ x: number; y: number }> => {
      const params = { x, y: (7 * x) % 1 };
      return { number, params, reports: [], state: 'complete', ...figuresWithCost(params) };
    });
    const sampler = bayesian({ surrogate, acquisition: qLowerBoundMaxValueEntropy(), initialTrials: 4 });
    const xs: number[] = [];
    for (let number = trials.length; number < 13; number++) {
      const rng = seeded(number);
      const request = { space, direction: 'minimize', cost: 'seconds', trials, count: 1, rng } as const;
      const [made] = await sampler.sample(request);
      xs.push(made!.params.x);
      trials.push({ number, reports: [], ...made!, state: 'complete', ...figuresWithCost(made!.params) });
    }
    expect(Math.max(...xs)).toBeGreaterThan(0.6);
  });

  it('a confidence bound under a constraint finds the constrained optimum, whatever the units of the value', async () => {
    // On x + y = 0.7 the nearest point to (0.3, 0.6) is (0.2, 0.5), at a squared distance of 0.02.
    for (const factor of [1, 1000]) {
      const { regret } = await best(upperConfidenceBound(), { factor, atMost: 0.7 });
      expect(regret).toBeLessThan(0.03);
    }
  });
});
