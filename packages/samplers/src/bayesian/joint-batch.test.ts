import {
  logExpectedImprovement,
  qLogExpectedImprovement,
  qLogNoisyExpectedImprovement,
  qLowerBoundMaxValueEntropy,
  qUpperConfidenceBound,
} from '@foothold/acquisitions';
import {
  type Acquisition,
  type Column,
  type JointUtility,
  matrixOf,
  type Params,
  seeded,
  type Trial,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { searchSpace, uniform } from '@foothold/space';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { acquisitionSearch } from '../acquisition-optimizer/acquisition-search.ts';
import { bayesian } from './bayesian.ts';
import type { Belief } from './belief.ts';
import { jointBatch } from './joint-batch.ts';

const columns: readonly Column[] = [{ kind: 'continuous', name: 'x' }];
const mixed: readonly Column[] = [
  { kind: 'continuous', name: 'u' },
  { kind: 'ordinal', name: 'n', levels: 4 },
  { kind: 'categorical', name: 'c', levels: 3 },
];

async function belief(): Promise<Belief> {
  const data = {
    x: matrixOf([[0.05], [0.3], [0.55], [0.9]]),
    y: Float64Array.of(-1, 0.6, 0.4, -0.8),
  };
  const posterior = await gaussianProcess({ columns }).fit(data, { rng: seeded(0) });
  return { fitted: posterior, posterior, data, terms: [] };
}

const acquisitions: readonly (readonly [string, Acquisition])[] = [
  ['qLogExpectedImprovement', qLogExpectedImprovement({ samples: 256 })],
  ['qLogNoisyExpectedImprovement', qLogNoisyExpectedImprovement({ samples: 256, baseline: 3 })],
  ['qUpperConfidenceBound', qUpperConfidenceBound({ samples: 256 })],
  ['qLowerBoundMaxValueEntropy', qLowerBoundMaxValueEntropy()],
];

const optimizer = acquisitionSearch();

describe('jointBatch', () => {
  it.each(acquisitions)('finds the best pair of all pairs on a grid, by %s', async (_, acquisition) => {
    const known = await belief();
    const points = [Float64Array.of(0.2), Float64Array.of(0.7)];
    const problem = {
      points,
      pending: [],
      acquisition,
      optimizer,
      domain: { columns },
      rng: seeded('pairs'),
    };
    const found = await jointBatch(known, problem);
    if (typeof found === 'string') throw new Error(found);
    expect(found.value).toBeGreaterThanOrEqual(found.sequentialValue);
    const rng = seeded('pairs').fork('prepare');
    const at = { posterior: known.posterior, data: known.data, rng, domain: { columns } };
    const utility = (await acquisition.prepare({ ...at, pending: matrixOf([points[0]!]) })) as JointUtility;
    const kept = Array.from({ length: utility.beside.rows - 1 }, (_, i) => [utility.beside.data[i]!]);
    let best = -Infinity;
    const steps = 25;
    for (let i = 0; i <= steps; i++)
      for (let j = 0; j < i; j++) {
        const joint = await known.posterior.joint!(matrixOf([...kept, [i / steps], [j / steps]], 1));
        best = Math.max(best, utility.value(joint, Float64Array.of(j / steps)));
      }
    // The order of a pair matters by what 256 draws spread; the start is far below.
    expect(found.value).toBeGreaterThan(best - 0.02);
    expect(found.sequentialValue).toBeLessThan(best - 0.02);
  });

  it('says where the acquisition is no formula of a batch', async () => {
    const points = [Float64Array.of(0.2), Float64Array.of(0.7)];
    const problem = { points, pending: [], optimizer, domain: { columns }, rng: seeded(1) };
    const acquisition = logExpectedImprovement();
    expect(await jointBatch(await belief(), { ...problem, acquisition })).toBe(
      'logExpectedImprovement is no formula of a batch',
    );
  });
});

describeSampler('bayesian with joint batches', () =>
  bayesian({
    surrogate: gaussianProcess({ columns: mixed }),
    acquisition: qLogExpectedImprovement({ samples: 32 }),
    batches: 'joint',
  }),
);

describe('bayesian with joint batches', () => {
  const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
  const value = ({ x, y }: Params) => (Number(x) - 0.3) ** 2 + (Number(y) - 0.6) ** 2;
  const surrogate = gaussianProcess({ columns: space.columns });

  it('comes near the optimum, three at a time, and states both utilities', async () => {
    const acquisition = qLogExpectedImprovement({ samples: 128 });
    const sampler = bayesian({ surrogate, acquisition, batches: 'joint', initialTrials: 6 });
    const trials: Trial<{ x: number; y: number }>[] = [];
    while (trials.length < 18) {
      const rng = seeded(1).fork(trials.length);
      const made = await sampler.sample({ space, direction: 'minimize', trials, count: 3, rng });
      expect(made).toHaveLength(3);
      for (const proposal of made) {
        const batch = proposal.why?.['batch'] as { value: number; sequentialValue: number } | undefined;
        if (trials.length >= 6) expect(proposal.why!['acquisition']).toEqual({ name: acquisition.name });
        if (trials.length >= 6) expect(batch!.value).toBeGreaterThanOrEqual(batch!.sequentialValue);
        const number = trials.length;
        trials.push({ number, reports: [], ...proposal, state: 'complete', value: value(proposal.params) });
      }
    }
    expect(Math.min(...trials.map(({ params }) => value(params)))).toBeLessThan(2e-3);
  });

  it('names the option that it cannot take', () => {
    expect(() =>
      bayesian({ surrogate, acquisition: qLogExpectedImprovement(), batches: 'all' as 'joint' }),
    ).toThrow('batches is "all"');
  });
});
