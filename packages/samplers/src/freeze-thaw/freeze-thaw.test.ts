import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Params,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  seeded,
  type Trial,
} from '@foothold/core';
import { learningCurves } from '@foothold/gp-models';
import { integer, ordinal, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { fidelityColumnOf } from '../multi-fidelity/fidelity-column.ts';
import { curveTrials } from './curve-trials.ts';
import type { EarlierStep } from './earlier-steps.ts';
import { type FreezeThawOptions, freezeThaw } from './freeze-thaw.ts';
import { trainingState } from './training-state.ts';
import { trainingSteps } from './training-steps.ts';

const max = 16;
const space = searchSpace({
  x: uniform(0, 1),
  z: uniform(0, 1),
  epochs: integer(1, max),
}) as unknown as SearchSpace;
const options = (of: SearchSpace, more: Partial<FreezeThawOptions> = {}): FreezeThawOptions => ({
  surrogate: learningCurves({ columns: of.columns, fidelityColumn: of.columns.length - 1 }),
  acquisition: logExpectedImprovement(),
  fidelity: { name: 'epochs', max },
  ...more,
});
const end = ({ x, z }: Params) => (Number(x) - 0.6) ** 2 + (Number(z) - 0.3) ** 2;
const valueAt = (params: Params, epoch: number) =>
  end(params) + 0.5 / (1 + epoch) + 0.1 * Math.exp(-epoch / 2);
const keyOf = ({ epochs: _, ...configuration }: Params) => JSON.stringify(configuration);

/** What is told of a piece that trains from `from`. */
function told(number: number, params: Params, from: number): Trial {
  const to = Number(params['epochs']);
  const reports = Array.from({ length: to - from }, (_, i) => ({
    step: from + i + 1,
    value: valueAt(params, from + i + 1),
  }));
  return { number, params, reports, state: 'complete', value: valueAt(params, to) };
}

/** A study of so many pieces: what each trained from, and its trials. */
async function run(pieces: number, more: Partial<FreezeThawOptions> = {}, of = space) {
  const trials: Trial[] = [];
  const from: number[] = [];
  for (let k = 0; k < pieces; k++) {
    const sampler = freezeThaw(options(of, more));
    const [proposal] = await sampler.sample({
      ...{ space: of, direction: 'minimize', trials, count: 1, rng: seeded(3).fork(k) },
    });
    const { params, samplerState, why } = proposal!;
    const own = trials.filter((t) => keyOf(t.params) === keyOf(params));
    from.push(Math.max(0, ...own.map((t) => Number(t.params['epochs']))));
    trials.push({
      ...told(k, params, more.continues === false ? 0 : from[k]!),
      ...(samplerState && { samplerState }),
      ...(why && { why }),
    });
  }
  return { trials, from };
}

describe('trainingSteps', () => {
  it('halves the training down to an eighth, on the levels that there are', () => {
    const values = (levels: number) => Array.from({ length: levels }, (_, i) => i + 1);
    expect(trainingSteps(values(16)).map((i) => i + 1)).toEqual([2, 4, 8, 16]);
    expect(trainingSteps(values(52)).map((i) => i + 1)).toEqual([6, 13, 26, 52]);
    expect(trainingSteps([5, 15, 52])).toEqual([0, 1, 2]);
    expect(trainingSteps([1, 2])).toEqual([0, 1]);
    expect(trainingSteps([9])).toEqual([0]);
  });
});

describe('curveTrials', () => {
  const column = fidelityColumnOf(
    { space, trials: [], direction: 'minimize', count: 1, rng: seeded(0) },
    'epochs',
  );
  const steps = trainingSteps(Array.from({ length: max }, (_, i) => i + 1));
  it('takes reports at the steps, each once, of running, failed and pruned trials too', () => {
    const about = { number: 1, params: { x: 0.5, z: 0.5, epochs: 8 } };
    const reports = [1, 2, 3, 4].map((step) => ({ step, value: step / 10 }));
    const trials: Trial[] = [
      told(0, { x: 0.5, z: 0.5, epochs: 2 }, 0),
      { ...about, reports, state: 'failed', reason: 'out of memory' },
      { ...about, number: 2, params: { x: 0.1, z: 0.1, epochs: 16 }, reports, state: 'running' },
      { ...about, number: 3, params: { x: 0.2, z: 0.2, epochs: 16 }, reports, state: 'pruned' },
    ];
    const rows = curveTrials({ space, trials }, column, { name: 'epochs', steps });
    expect(rows.map((row) => [row.number, row.params['epochs'], row.state])).toEqual([
      [0, 2, 'complete'],
      [1, 4, 'complete'],
      [1, 8, 'failed'],
      ...[2, 3].flatMap((number) => [2, 4].map((step) => [number, step, 'complete'])),
    ]);
  });
});

describe('freezeThaw', () => {
  const ask = async (trials: readonly Trial[], more: object = {}, over: Partial<FreezeThawOptions> = {}) => {
    const sampler = freezeThaw(options(space, over));
    return sampler.sample({ space, direction: 'minimize', trials, count: 1, rng: seeded(7), ...more });
  };

  it('begins with the first step, trains on what it paused, and ends some trainings', async () => {
    const { trials, from } = await run(30);
    expect(trials.slice(0, 5).map(({ params }) => params['epochs'])).toEqual([2, 2, 2, 2, 2]);
    expect(from.filter((epoch) => epoch > 0).length).toBeGreaterThan(5);
    expect(from.every((epoch, k) => epoch < Number(trials[k]!.params['epochs']))).toBe(true);
    const ends = trials.filter(({ params }) => params['epochs'] === max);
    expect(ends.length).toBeGreaterThan(1);
    expect(Math.min(...ends.map(({ params }) => end(params)))).toBeLessThan(0.02);
  });

  it('spends on unfinished trainings no more than two full ones and three quarters of what full ones cost', async () => {
    for (const continues of [true, false]) {
      const { trials } = await run(24, { continues });
      for (let k = 6; k <= trials.length; k++) {
        const request = {
          space,
          trials: trials.slice(0, k),
          direction: 'minimize',
          count: 1,
          rng: seeded(0),
        } as const;
        const state = trainingState(request, { name: 'epochs', max, continues });
        expect(state.allowance).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('proposes the same from the same, and goes on as it would have', async () => {
    const { trials } = await run(14);
    expect(await ask(trials)).toEqual(await ask(trials));
  });

  it('leaves a configuration alone while one of its pieces runs, and after one failed', async () => {
    const { trials } = await run(12);
    for (const state of ['running', 'failed'] as const) {
      let history = trials;
      for (let k = 0; k < 6; k++) {
        const [{ params }] = (await ask(history, { rng: seeded(k) })) as [{ params: Params }];
        const open = history.slice(trials.length).map((t) => keyOf(t.params));
        expect(open).not.toContain(keyOf(params));
        const about = { number: history.length, params, reports: [] };
        history = [
          ...history,
          state === 'running' ? { ...about, state } : { ...about, state, reason: 'killed' },
        ];
      }
    }
  });

  it('proposes several at a time, of different configurations', async () => {
    const { trials } = await run(10);
    for (const history of [[], trials]) {
      const made = await ask(history, { count: 5 });
      expect(new Set(made.map(({ params }) => keyOf(params))).size).toBe(5);
    }
  });

  it('keeps what is fixed, the fidelity too', async () => {
    const { trials } = await run(10);
    for (const fixed of [{ epochs: 16 }, { epochs: 5 }, { x: 0.25 }])
      for (const history of [[], trials])
        expect((await ask(history, { fixed }))[0]!.params).toMatchObject(fixed);
  });

  it('trains each configuration of a finite space to its end, and says when all are', async () => {
    const small = searchSpace({ k: integer(1, 3), epochs: ordinal(1, 4, 16) }) as unknown as SearchSpace;
    const at = ({ k }: Params) => ({ x: Number(k) / 3, z: 0.5 });
    const trials: Trial[] = [];
    const all = async () => {
      for (;;) {
        const sampler = freezeThaw(options(small));
        const [proposal] = await sampler.sample({
          ...{ space: small, direction: 'minimize', trials, count: 1, rng: seeded(trials.length) },
        });
        const { params } = proposal!;
        const value = valueAt(at(params), Number(params['epochs']));
        trials.push({ number: trials.length, params, reports: [], state: 'complete', value });
      }
    };
    await expect(all()).rejects.toThrow(SpaceExhaustedError);
    expect(trials.filter(({ params }) => params['epochs'] === 16)).toHaveLength(3);
    expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(trials.length);
  });

  it('proposes no configuration of a finite space that runs or has come so far, whoever chooses', async () => {
    const small = searchSpace({ k: integer(1, 3), epochs: ordinal(1, 4, 16) }) as unknown as SearchSpace;
    const trial = (k: number, epochs: number, state: 'complete' | 'running'): Trial => {
      const about = { number: k, params: { k, epochs }, reports: [] };
      return state === 'running' ? { ...about, state } : { ...about, state, value: k };
    };
    const stubborn = { name: 'stubborn', sample: () => [{ params: { k: 2, epochs: 16 } }] };
    for (const [targetSampler, seed] of [undefined, stubborn].flatMap((one) =>
      [0, 1, 2, 3].map((k) => [one, k] as const),
    )) {
      const sampler = freezeThaw(options(small, { targetSampler: targetSampler as never }));
      const next = async (...trials: readonly Trial[]) =>
        (
          await sampler.sample({
            ...{ space: small, direction: 'minimize', trials, count: 1, rng: seeded(seed) },
          })
        )[0]!.params['k'];
      expect(await next(trial(1, 16, 'complete'), trial(2, 4, 'running'))).toBe(3);
      expect(await next(trial(1, 4, 'complete'), trial(2, 4, 'running'), trial(3, 16, 'complete'))).toBe(1);
      expect(await next(trial(2, 4, 'running'), trial(3, 4, 'running'))).toBe(1);
      await expect(
        next(trial(1, 16, 'complete'), trial(2, 4, 'running'), trial(3, 16, 'complete')),
      ).rejects.toThrow(SpaceExhaustedError);
    }
  });

  it('asks the target sampler for every second training to the end, with these alone', async () => {
    const seen: number[] = [];
    const targetSampler = {
      name: 'middle',
      sample: ({ space: of, trials }: { space: SearchSpace; trials: readonly Trial[] }) => {
        seen.push(trials.length);
        expect(trials.every(({ params }) => params['epochs'] === max)).toBe(true);
        const point = Float64Array.of(0.5, seen.length / 16, 1);
        return [{ params: of.decode(point), samplerState: { own: seen.length } }];
      },
    };
    const { trials } = await run(30, { targetSampler: targetSampler as never, initialConfigurations: 3 });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every((count, k) => count > 2 * k)).toBe(true);
    const own = trials.filter(({ samplerState }) => samplerState?.['targetSampler']);
    expect(own).toHaveLength(seen.length);
    // What was said of the training that it replaces is not said of its own.
    for (const { why } of own) expect(Object.keys(why!)).not.toContain('prediction');
    for (const { why } of own) expect(Object.keys(why!)).not.toContain('training');
    trials.forEach((trial, k) => {
      if (trial.why?.['stage'] === 'initial') return;
      const before = trials.slice(0, k);
      const ends = new Set(
        before.filter(({ params }) => params['epochs'] === max).map((t) => keyOf(t.params)),
      );
      const isTurn = 2 * before.filter((t) => own.includes(t)).length < ends.size;
      expect(own.includes(trial)).toBe(isTurn);
    });
  });

  it('predicts what the piece itself comes to, not the end of its training', async () => {
    const { trials } = await run(24, { initialConfigurations: 5 });
    const gaps = trials.slice(12).map(({ params, why }) => {
      const { mean } = why!['prediction'] as { readonly mean: number };
      return Math.abs(valueAt(params, Number(params['epochs'])) - mean);
    });
    expect(trials.slice(12).some(({ params }) => Number(params['epochs']) < max / 2)).toBe(true);
    // Half of all first pieces end 0.17 above where their configurations come to.
    expect(gaps.sort((a, b) => a - b)[gaps.length >> 1]).toBeLessThan(0.01);
  });

  it('gives the transfer sampler the values before the end once the target sampler has chosen', async () => {
    const rng = seeded('transfer');
    const history = (hasChosen: boolean) =>
      Array.from({ length: 16 }, (_, number): Trial => {
        const params = { x: rng.next(), z: rng.next(), epochs: number < 5 ? max : 2 };
        const isOwn = hasChosen && number === 0;
        return { ...told(number, params, 0), ...(isOwn && { samplerState: { targetSampler: {} } }) };
      });
    for (const hasChosen of [false, true]) {
      const given: EarlierStep[][] = [];
      const named = (x: number) =>
        ({
          name: 'one point',
          sample: ({ space: of }: { space: SearchSpace }) => [
            { params: of.decode(Float64Array.of(x, 0.5, 1)) },
          ],
        }) as unknown as Sampler;
      const transferSampler = (earlier: readonly EarlierStep[], direction: string) => {
        expect(direction).toBe('minimize');
        given.push([...earlier]);
        return named(0.25);
      };
      const trials = history(hasChosen);
      const [proposal] = await ask(trials, {}, { targetSampler: named(0.75), transferSampler });
      expect(proposal!.params).toMatchObject({ x: hasChosen ? 0.25 : 0.75, epochs: max });
      expect(given).toHaveLength(hasChosen ? 1 : 0);
      if (!hasChosen) continue;
      expect(given[0]!.map(({ step, trials: past }) => [step, past.length])).toEqual([
        [2, 16],
        [4, 5],
        [8, 5],
      ]);
      for (const { step, trials: past } of given[0]!)
        for (const { params, ...trial } of past) {
          expect(params['epochs']).toBe(max);
          expect(trial).toMatchObject({ state: 'complete', value: valueAt(params, step) });
        }
    }
  });

  it('trains straight to the end where the curves before it have no information about it', async () => {
    const rng = seeded('noise');
    const trials = Array.from({ length: 10 }, (_, number): Trial => {
      const params = { x: rng.next(), z: rng.next(), epochs: max };
      const reports = [2, 4, 8].map((step) => ({ step, value: rng.next() }));
      return { number, params, reports, state: 'complete', value: end(params) };
    });
    for (let seed = 0; seed < 3; seed++)
      expect((await ask(trials, { rng: seeded(seed) }))[0]!.params['epochs']).toBe(max);
  });

  it('asks the transfer sampler every second time where curves mislead, with no step of the opposite order of the ends', async () => {
    const rng = seeded('reversed');
    // The first half is negatively correlated with the ends, the second is true.
    const turned = (params: Params, epoch: number) => (epoch < 8 ? -1 : 1) * end(params);
    const trials = Array.from({ length: 6 }, (_, number): Trial => {
      const params = { x: rng.next(), z: rng.next(), epochs: max };
      const reports = [2, 4, 8].map((step) => ({ step, value: turned(params, step) }));
      return { number, params, reports, state: 'complete', value: end(params) };
    });
    const middle = {
      name: 'middle',
      sample: ({ space: of }: { space: SearchSpace }) => [
        { params: of.decode(Float64Array.of(0.5, 0.5, 1)) },
      ],
    } as unknown as Sampler;
    for (const own of [4, 5]) {
      const given: number[][] = [];
      const transferSampler = (earlier: readonly EarlierStep[]) => {
        given.push(earlier.map(({ step }) => step));
        return middle;
      };
      const chosen = trials.map((trial, k) =>
        k < own ? { ...trial, samplerState: { targetSampler: {} } } : trial,
      );
      const [proposal] = await ask(chosen, {}, { targetSampler: middle, transferSampler });
      expect(proposal!.why!['model']).toMatchObject({ fidelities: { usesCheaper: false } });
      expect(given).toEqual(own === 5 ? [[8]] : []);
    }
  });

  it('records the target sampler and the transfer sampler', () => {
    const middle = { name: 'middle', options: { at: 0.5 }, sample: () => [] };
    const fromEarlier = () => middle;
    const recorded = (more: object) => freezeThaw(options(space, more)).options;
    expect(recorded({ targetSampler: middle, transferSampler: fromEarlier })).toMatchObject({
      targetSampler: { name: 'middle', options: { at: 0.5 } },
      transferSampler: { name: 'fromEarlier' },
    });
    expect(Object.keys(recorded({}) as object)).toEqual(['fidelity', 'max', 'continues']);
  });

  it('takes a crashed full training, and one of an outlier, for no evidence against curves', async () => {
    const rng = seeded('crash');
    const honest = Array.from({ length: 12 }, (_, number): Trial => {
      const params = { x: rng.next(), z: rng.next(), epochs: number < 3 ? max : 2 };
      return told(number, params, 0);
    });
    const { number, params, reports } = honest[0]!;
    for (const bad of [
      { state: 'failed', reason: 'no memory' },
      { state: 'complete', value: 1e6 },
    ] as const) {
      const trials = [{ number, params, reports, ...bad }, ...honest.slice(1)];
      const [proposal] = await ask(trials);
      expect(proposal!.why!['model']).toMatchObject({ fidelities: { usesCheaper: true } });
    }
  });

  it('takes a loaded trial as evidence, and not as something to go on from', async () => {
    const { trials } = await run(14);
    const loaded = trials.map((trial): Trial => ({ ...trial, loaded: true }));
    const [{ params }] = (await ask(loaded)) as [{ params: Params }];
    const paused = loaded.filter((t) => keyOf(t.params) === keyOf(params));
    expect(paused).toEqual([]);
  });

  it('is of use where every value so far failed, and names what is no fidelity', async () => {
    const failed: Trial[] = Array.from({ length: 6 }, (_, number) => ({
      ...{ number, params: { x: number / 10, z: 0.5, epochs: 1 }, reports: [] },
      ...{ state: 'failed' as const, reason: 'no memory' },
    }));
    expect((await ask(failed))[0]!.params['epochs']).toBeGreaterThanOrEqual(1);
    await expect(ask([], {}, { fidelity: { name: 'x', max } })).rejects.toThrow('fidelity is "x"');
    await expect(ask([], {}, { fidelity: { name: 'epochs', max: 20 } })).rejects.toThrow('up to 20');
    expect(() => freezeThaw(options(space, { initialConfigurations: 0 }))).toThrow(
      'initialConfigurations is 0',
    );
  });
});
