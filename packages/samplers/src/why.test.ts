import { logExpectedImprovement, logMultiFidelityKnowledgeGradient } from '@foothold/acquisitions';
import { matrixOf, type Sampler, seeded, type Trial, type Why } from '@foothold/core';
import { gaussianProcess, learningCurves, multiFidelity } from '@foothold/gp-models';
import { ordinal, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import * as exported from './index.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1), k: ordinal(1, 3, 9) });
const { columns } = space;
type P = ReturnType<typeof space.decode>;
const value = ({ x, y, k }: P) => (x - 0.3) ** 2 + (y - 0.6) ** 2 + (0.2 + 0.1 * Math.sin(9 * x)) / k;

/** One source, whose best three points are known. */
const priorPoints = [0.1, 0.5, 0.9].map((x) => space.encode({ x, y: 0.5, k: 3 }));
const priorValues = {
  names: ['earlier'],
  weights: undefined,
  points: matrixOf(priorPoints),
  mean: Float64Array.of(0.3, 0.2, 0.1),
  taskValues: matrixOf([[0.3], [0.2], [0.1]]),
};
const surrogate = gaussianProcess({ columns });
const acquisition = logExpectedImprovement();
const { alternate, bayesian, cmaEs, nsga2, sequence, tpe, trustRegion } = exported;
const model = () => bayesian({ surrogate, acquisition, initialTrials: 3 });
/** Every sampler of the package, made so that 16 trials reach its later stages; those with a model name that stage in `why`. */
const samplers: Readonly<Record<string, { readonly make: () => Sampler; readonly stage?: string }>> = {
  alternate: { make: () => alternate(model(), cmaEs()), stage: 'model' },
  bayesian: { make: model, stage: 'model' },
  cmaEs: { make: () => cmaEs({ population: 4 }) },
  freezeThaw: {
    make: () =>
      exported.freezeThaw({
        surrogate: learningCurves({ columns, fidelityColumn: 2, resources: [1 / 9, 3 / 9, 1] }),
        ...{ acquisition, fidelity: { name: 'k', max: 9 }, targetSampler: model() },
      }),
    stage: 'model',
  },
  grid: { make: () => exported.grid() },
  latinHypercube: { make: () => exported.latinHypercube() },
  multiFidelitySampler: {
    make: () =>
      exported.multiFidelitySampler({
        surrogate: multiFidelity({ columns, fidelityColumn: 2 }),
        acquisition: logMultiFidelityKnowledgeGradient(),
        fidelity: 'k',
        costBudget(trials) {
          const spent = [1, 3, 9].map((k) => k * trials.filter(({ params }) => params['k'] === k).length);
          return { costs: [1, 3, 9], spent, remaining: spent.reduce((left, s) => left - s, 150) };
        },
        targetSampler: model(),
        initialTrials: 3,
      }),
    stage: 'model',
  },
  nsga2: { make: () => nsga2({ population: 4 }) },
  random: { make: () => exported.random() },
  sequence: {
    make: () =>
      sequence([
        [exported.sobol(), 4],
        [model(), 5],
        [cmaEs({ population: 4 }), Infinity],
      ]),
    stage: 'model',
  },
  sobol: { make: () => exported.sobol() },
  successiveHalving: { make: () => exported.successiveHalving({ fidelity: { name: 'k', max: 9 } }) },
  thompsonSampling: {
    make: () => exported.thompsonSampling({ surrogate, candidates: 64, initialTrials: 3 }),
    stage: 'model',
  },
  tpe: { make: () => tpe({ initialTrials: 5 }) },
  warmStart: {
    make: () => exported.warmStart({ values: () => priorValues }, { sampler: model(), points: 3 }),
    stage: 'model',
  },
  trustRegion: { make: () => trustRegion({ surrogate, acquisition, initialTrials: 3 }), stage: 'model' },
};
/** Functions of the package that make no sampler. */
const others = [
  'jointDraw',
  'semidefiniteRoot',
  'acquisitionSearch',
  'averagedUtility',
  'extraTrees',
  'importance',
  'maxModelledObjectives',
  'trustRegionBox',
  'multiObjectiveModel',
  'objectiveData',
  'promisingPoints',
  'proposals',
  'transferStates',
  'warmStartRegion',
];

/** 16 trials one after another, each remembered as `keep` leaves it; every fifth time a new process goes on. */
async function history(make: () => Sampler, keep: (trial: Trial<P>) => Trial<P>) {
  const trials: Trial<P>[] = [];
  let sampler = make();
  for (let number = 0; number < 16; number++) {
    const rng = seeded(7).fork(number);
    const [made] = await sampler.sample({ space, direction: 'minimize', trials, count: 1, rng });
    trials.push(keep({ number, reports: [], ...made!, state: 'complete', value: value(made!.params) }));
    if (number % 5 === 4) sampler = make();
  }
  return trials;
}

const params = (trials: readonly Trial<P>[]) => trials.map((trial) => trial.params);
/** What no sampler wrote. */
const foreign: Why = {
  stage: 'initial',
  design: 'other',
  generation: 7,
  stepSize: 1e-9,
  searchRegion: { side: 1e-3, from: 9 },
  model: { transfer: { gate: 0 }, theta: [9, 9, 9, 9] },
  fidelities: { chosen: 1 },
};

it('every sampler of the package is in the table', () => {
  expect([...Object.keys(samplers), ...others].sort()).toEqual(Object.keys(exported).sort());
});

describe.each(Object.entries(samplers))('why of %s', (_, { make, stage }) => {
  it('may be dropped or replaced, and the sampler made again, without a change of any proposal', async () => {
    const whole = await history(make, (trial) => trial);
    if (stage) expect(whole.map(({ why }) => why?.['stage'])).toContain(stage);
    const bare = await history(make, ({ why: _why, ...rest }) => rest as Trial<P>);
    expect(params(bare)).toEqual(params(whole));
    const replaced = await history(make, (trial) => ({ ...trial, why: foreign }));
    expect(params(replaced)).toEqual(params(whole));
  });
});
