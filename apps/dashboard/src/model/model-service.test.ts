import { datasetOf, matrixOf, type Params, type SearchSpace, type StudyEvent, seeded } from '@foothold/core';
import { gaussianProcess, gaussianScale } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { createStudy } from '@foothold/optimize';
import { categorical, searchSpace, uniform } from '@foothold/space';
import { memoryStorage, replay } from '@foothold/study';
import type { ModelInput } from '@foothold/study-model';
import { describe, expect, it } from 'vitest';
import { type ModelService, modelService } from './model-service.ts';

type Objective = (params: Params) => number;

/** A study with these parameters evaluated, and the input of its model. */
async function studied(space: SearchSpace, objective: Objective, { trials = 40, seed = 2 } = {}) {
  const storage = memoryStorage();
  const study = createStudy({ space, storage, name: 's', seed, direction: 'minimize' });
  for (let k = 0; k < trials; k++) {
    const { number, params } = await study.ask();
    await study.tell(number, { state: 'complete', value: objective(params) });
  }
  const events = await storage.read('s', 0);
  return { study, events, input: inputOf(events) };
}

function inputOf(events: readonly StudyEvent[]): ModelInput {
  const { space, goal, trials, created, edits } = replay(events);
  return {
    ...{ space: space!, goal: goal!, trials, metric: 'value', direction: goal!.direction },
    ...{ seed: created!.seed, ...(edits && { edits }) },
  };
}

async function fitted(input: ModelInput): Promise<ModelService> {
  const service = modelService();
  expect(await service.fit(input)).toBeDefined();
  return service;
}

/** Points of the space at random, evaluated: a design that a model can learn a whole function from. */
function loaded(space: SearchSpace, objective: Objective, trials: number): ModelInput {
  const rng = seeded(7);
  return {
    ...{ space: space.description!, goal: { direction: 'minimize' }, metric: 'value' },
    ...{ direction: 'minimize', seed: 1 },
    trials: Array.from({ length: trials }, (_, number) => {
      const params = space.decode(Float64Array.from(space.columns, () => rng.next()));
      return { number, params, reports: [], state: 'complete', value: objective(params) };
    }),
  };
}

const plane = searchSpace({ x: uniform(-1, 1), y: uniform(0, 3) });
const bowl: Objective = ({ x, y }) => (Number(x) - 0.3) ** 2 + Math.exp(Number(y)) / 4;

describe('the model of the page', () => {
  it('is the default Gaussian process on the data of the study, in its units and direction', async () => {
    const { input } = await studied(plane, bowl);
    const service = await fitted(input);
    const { goal, trials } = replay((await studied(plane, bowl)).events);
    const last = trials.findLast(({ samplerState }) => samplerState?.['model'])!.samplerState!['model'];
    const posterior = await gaussianProcess({ columns: plane.columns, linalg: await wasm() }).fit(
      datasetOf(plane as SearchSpace, trials, goal!.direction),
      { rng: seeded(0), previousState: last as never },
    );
    const params = [
      { x: 0.1, y: 1 },
      { x: -0.8, y: 2.9 },
    ];
    const { mean, variance } = await posterior.marginals(matrixOf(params.map((p) => plane.encode(p))));
    const { mean: own, low, high, better } = await service.believe(params);
    const { posterior: gaussian, toScale } = gaussianScale(posterior);
    const u = await gaussian.marginals(matrixOf(params.map((p) => plane.encode(p))));
    expect(variance.every((v) => v > 0)).toBe(true);
    own.forEach((m, i) => {
      expect(Math.abs(m + mean[i]!)).toBeLessThan(1e-9);
      const standardized = (value: number) => (toScale(-value) - u.mean[i]!) / Math.sqrt(u.variance[i]!);
      // Of the standard normal distribution a twentieth lies beyond 1.6449 on each side.
      expect(Math.abs(standardized(low[i]!) - 1.6448536269514722)).toBeLessThan(1e-6);
      expect(Math.abs(standardized(high[i]!) + 1.6448536269514722)).toBeLessThan(1e-6);
    });
    expect(better[1]).toBeLessThan(1e-3);
  });

  it('has each told value within a slightly wider interval', async () => {
    const { input } = await studied(plane, bowl);
    const service = await fitted(input);
    const complete = input.trials.flatMap((trial) => (trial.state === 'complete' ? [trial] : []));
    const { low, high } = await service.believe(complete.map(({ params }) => params));
    const inside = complete.filter(
      ({ value }, i) => value > low[i]! - 0.02 && value < high[i]! + 0.02,
    ).length;
    expect(inside / complete.length).toBeGreaterThan(0.9);
  });

  it('says with the same number a probability, an interval and a slice', async () => {
    const { input } = await studied(plane, bowl);
    const service = await fitted(input);
    const best = (await service.fit(input))!.best;
    const [x, y] = await service.slices(best.params);
    expect([x!.name, y!.name, x!.positions.length]).toEqual(['x', 'y', 101]);
    const at = { x: Number(x!.positions[60]), y: Number(best.params['y']) };
    const { mean, low, better } = await service.believe([at]);
    expect(Math.abs(mean[0]! - x!.mean[60]!)).toBeLessThan(1e-9);
    expect(Math.abs(low[0]! - x!.low[60]!)).toBeLessThan(1e-9);
    expect(Math.abs(better[0]! - x!.better[60]!)).toBeLessThan(1e-9);
  });

  it('leaves out parameters that are not active, and moves with a parent into its branch', async () => {
    const space = searchSpace({
      kind: categorical('plain', 'curved'),
      curve: uniform(0, 1).when('kind', 'curved'),
    }) as unknown as SearchSpace;
    const input = loaded(space, (p) => (p['kind'] === 'plain' ? 1 : 2 + Number(p['curve'])), 30);
    const service = await fitted(input);
    const slices = await service.slices({ kind: 'plain' });
    expect(slices.map(({ name }) => name)).toEqual(['kind']);
    expect(slices[0]!.positions).toEqual(['plain', 'curved']);
    expect(slices[0]!.mean[0]!).toBeLessThan(1.3);
  });

  it('is none while there is too little to learn from, and other operations then say so', async () => {
    const service = modelService();
    expect(await service.fit(loaded(plane as SearchSpace, bowl, 1))).toBeUndefined();
    await expect(service.importance()).rejects.toThrow('there is no model');
  });

  it('uses of a long history what the default model itself uses', async () => {
    const summary = await modelService().fit(loaded(plane as SearchSpace, bowl, 2000));
    expect(summary).toMatchObject({ trials: 2000 });
    expect(summary!.rows).toBeGreaterThanOrEqual(1200);
    expect(summary!.rows).toBeLessThan(1440);
  });
});

describe('importance of the model', () => {
  const cube = searchSpace({
    a: uniform(-Math.PI, Math.PI),
    b: uniform(-Math.PI, Math.PI),
    c: uniform(-Math.PI, Math.PI),
  });
  const ishigami: Objective = ({ a, b, c }) =>
    Math.sin(Number(a)) + 7 * Math.sin(Number(b)) ** 2 + 0.1 * Number(c) ** 4 * Math.sin(Number(a));

  it('comes to the closed form of Ishigami’s function, with intervals that hold it', async () => {
    const service = await fitted(loaded(cube as SearchSpace, ishigami, 300));
    const { parameters, pairs } = await service.importance();
    const alone = [0.3139, 0.4424, 0];
    const total = [0.5576, 0.4424, 0.2437];
    parameters.forEach((found, j) => {
      for (const [share, truth] of [
        [found.alone, alone[j]!],
        [found.total, total[j]!],
      ] as const) {
        expect(Math.abs(share.share - truth)).toBeLessThan(0.05);
        expect(share.low).toBeLessThanOrEqual(share.share);
        expect(share.high).toBeGreaterThanOrEqual(share.share);
        expect(share.low - 0.03).toBeLessThan(truth);
        expect(share.high + 0.03).toBeGreaterThan(truth);
      }
    });
    expect(pairs[0]!.names).toEqual(['a', 'c']);
    expect(Math.abs(pairs[0]!.share - 0.2437)).toBeLessThan(0.05);
    expect(pairs[1]!.share).toBeLessThan(0.04);
  });

  it('is the less certain the fewer trials there are', async () => {
    const widthOf = async (trials: number) => {
      const { parameters } = await (await fitted(loaded(cube as SearchSpace, ishigami, trials))).importance();
      return parameters.reduce((sum, { alone }) => sum + alone.high - alone.low, 0);
    };
    expect(await widthOf(30)).toBeGreaterThan(2 * (await widthOf(300)));
  });

  it('ends when another model takes its place', async () => {
    const service = await fitted(loaded(cube as SearchSpace, ishigami, 60));
    const old = service.importance();
    const fit = service.fit(loaded(cube as SearchSpace, ishigami, 30));
    await expect(old).rejects.toThrow('the model was replaced');
    expect(await fit).toBeDefined();
  });
});

describe('the next suggestions', () => {
  it('are those that the study then makes, the queue first, and the log stays as it is', async () => {
    const { study, events } = await studied(plane as SearchSpace, bowl, { trials: 14 });
    await study.enqueue({ x: 0.5, y: 1.5 });
    const log = await study.log();
    expect(log.length).toBe(events.length + 1);
    const { suggestions, sampler, withoutSources } = await modelService().suggest(log, 3);
    expect([sampler, withoutSources]).toEqual(['auto', 0]);
    expect(suggestions.map(({ number, from }) => [number, from])).toEqual([
      [14, 'queue'],
      [15, 'sampler'],
      [16, 'sampler'],
    ]);
    expect((await study.log()).length).toBe(log.length);
    for (const { number, params } of suggestions) expect(await study.ask()).toMatchObject({ number, params });
  });

  it('says that earlier studies are missing, and whose sampler only a program has', async () => {
    const storage = memoryStorage();
    const earlier = Array.from({ length: 6 }, (_, i) => ({ params: { x: i / 6, y: i / 2 }, value: i }));
    const study = createStudy({
      space: plane,
      storage,
      name: 's',
      direction: 'minimize',
      transfer: [{ trials: earlier }],
    });
    await study.ask();
    const { withoutSources, suggestions } = await modelService().suggest(await study.log(), 1);
    expect([withoutSources, suggestions.length]).toEqual([1, 1]);
    const own = createStudy({
      ...{ space: plane, storage, name: 'own', direction: 'minimize' },
      sampler: { name: 'mine', sample: () => [{ params: { x: 0, y: 0 } as never }] },
    });
    await own.ask();
    await expect(modelService().suggest(await own.log(), 1)).rejects.toThrow('mine');
  });
});
