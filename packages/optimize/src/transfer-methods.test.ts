import { seeded, type TransferWhy, type Trial } from '@foothold/core';
import { categorical, logUniform, searchSpace, uniform } from '@foothold/space';
import { memoryStorage, optimize, studySource, type TransferSource } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';
import { createStudy } from './create-study.ts';
import { maximize, minimize } from './minimize.ts';
import type { MinimizeOptions } from './minimize-options.ts';
import { methodTable } from './transfer-methods/method-table.ts';
import type { TransferMethod } from './transfer-methods.ts';

type Net = { rate: number; keep: number; act: string };
const space = searchSpace({
  rate: logUniform(1e-5, 1),
  keep: uniform(0, 1),
  act: categorical('relu', 'gelu', 'tanh'),
});

/** One of a family: bowls whose lowest points lie near each other, in units of their own (the lowest value). */
function task(name: string): { readonly lowest: number; readonly f: (params: Net) => number } {
  const rng = seeded(name);
  const [rate, keep, unit] = [-4.6 + 1.2 * rng.next(), 0.1 + 0.3 * rng.next(), 1 + 4 * rng.next()];
  const penalty: Record<string, number> = { tanh: 0, relu: 0.4, gelu: 0.8 };
  return {
    lowest: unit,
    f: (p) =>
      unit * (1 + (Math.log10(p.rate) - rate) ** 2 / 4 + 3 * (p.keep - keep) ** 2 + (penalty[p.act] ?? 0)),
  };
}

function past(name: string, count = 20): TransferSource {
  const rng = seeded(`past ${name}`);
  const { f } = task(name);
  return {
    name,
    trials: Array.from({ length: count }, () => {
      const params = space.decode(Float64Array.from([0, 0, 0], () => rng.next()));
      return { params, value: f(params as Net) };
    }),
  };
}
const transfer = ['a', 'b', 'c', 'd', 'e'].map((name) => past(name));

/** Evaluations until a value within 3 % of the lowest, 14 where 13 were not enough; summed over three tasks. */
async function evaluations(options: Partial<MinimizeOptions<Net>>): Promise<number> {
  let total = 0;
  for (const seed of [1, 2, 3]) {
    const { f, lowest } = task(`target ${seed}`);
    const { trials } = await minimize(f, space as never, { trials: 13, seed, ...options } as never);
    const reached = trials.findIndex((t) => t.state === 'complete' && t.value < 1.03 * lowest);
    total += reached < 0 ? 14 : reached + 1;
  }
  return total;
}

const transferOf = ({ why }: Pick<Trial, 'why'>) => why?.['transfer'] as unknown as TransferWhy;

const methods = Object.keys(methodTable) as TransferMethod[];
const models: readonly TransferMethod[] = methods.filter((name) => methodTable[name].takesGate);
let plain: Promise<number> | undefined;
const alone = () => {
  plain ??= evaluations({});
  return plain;
};

describe('transfer methods by name', () => {
  it.each(methods)('%s needs fewer evaluations than the plain model on a family of tasks', async (method) => {
    expect(await evaluations({ transfer, method })).toBeLessThan(0.7 * (await alone()));
  });

  it.each(models.filter((method) => method !== 'multi-task'))('so does %s with a gate', async (method) => {
    expect(await evaluations({ transfer, method, gated: true })).toBeLessThan(0.7 * (await alone()));
  });

  it.each(methods)('%s says its sources, their weights and the gate at every suggestion', async (method) => {
    const { f } = task('target 0');
    const few = transfer.slice(0, 2);
    const { trials } = await minimize(f, space, {
      trials: 7,
      transfer: few,
      method,
      ...(models.includes(method) && { gated: true }),
    });
    for (const trial of trials) {
      const { number } = trial;
      const explained = transferOf(trial);
      expect(explained.method).toBe(number === 0 ? 'portfolio' : method);
      expect(explained.sources.map(({ name }) => name).sort()).toEqual(['a', 'b']);
      for (const { weight } of explained.sources) {
        expect(weight).toBeGreaterThanOrEqual(0);
        expect(weight).toBeLessThanOrEqual(1);
      }
      const sum = explained.sources.reduce((total, { weight }) => total + weight, 0);
      expect(explained.gate).toBeCloseTo(sum, 9);
      expect(Object.keys(explained)).toEqual(['method', 'sources', 'gate']);
    }
  });

  it.each(models.filter((method) => method !== 'multi-task'))(
    '%s with a gate gets as far as the plain model would in spite of negatively correlated sources',
    async (method) => {
      const turned = transfer.map((source) => ({ ...source, direction: 'maximize' as const }));
      const { f, lowest } = task('target 0');
      const { value } = await minimize(f, space, { trials: 20, transfer: turned, method, gated: true });
      expect(value).toBeLessThan(1.05 * lowest);
    },
  );

  it.each(['residual', 'ranking-weighted'] as const)(
    '%s with a gate drops negatively correlated sources',
    async (method) => {
      const turned = transfer.map((source) => ({ ...source, direction: 'maximize' as const }));
      const { f } = task('target 0');
      const { trials } = await minimize(f, space, { trials: 12, transfer: turned, method, gated: true });
      const { gate } = transferOf(trials.at(-1)!);
      expect(gate).toBeLessThan(0.1);
    },
  );

  it('refuses a method that does not exist with the names of those that do', () => {
    expect(() => autoSampler({ method: 'magic' as never })).toThrow(
      `method is "magic", allowed is one of auto, portfolio, ${models.join(', ')}`,
    );
    expect(() => autoSampler({ method: 'constructor' as never })).toThrow('method is "constructor"');
    expect(() => autoSampler({ method: 'auto', gated: true })).toThrow(
      'gated is true, allowed is nothing beside the method auto; it goes with empirical-prior, residual',
    );
    expect(() => createStudy({ space, direction: 'minimize', method: 'magic' as never })).toThrow(/magic/);
  });

  it('refuses weights that are none, and sources beside a sampler of one’s own', async () => {
    expect(() => autoSampler({ transfer: [{ trials: [] }, { trials: [], weight: 2 }] })).toThrow(
      'weight of source source 2 is 2, allowed is a number from 0 to 1',
    );
    await expect(minimize(task('t').f, space, { transfer, sampler: autoSampler() })).rejects.toThrow(
      'transfer is "5 sources", allowed is nothing beside a sampler of your own',
    );
  });

  it('weights a source by its prior weight, and leaves one of weight 0 out', async () => {
    const { trials } = await minimize(task('target 0').f, space, {
      trials: 4,
      method: 'two-stage',
      transfer: [{ ...past('a'), weight: 0.1 }, past('b'), { ...past('c'), weight: 0 }],
    });
    const { sources } = transferOf(trials[3]!);
    expect(sources.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(sources[1]!.weight).toBeLessThan(0.3 * sources[0]!.weight);
  });
});

describe('studies as sources', () => {
  it('are read as they are, directions and equal names included, and the run is the same again', async () => {
    const earlier = createStudy({ space, direction: 'maximize', name: 'same', seed: 3 });
    const { f } = task('a');
    await optimize(earlier, (p) => -f(p), { trials: 12 });
    const run = () =>
      minimize(task('target 0').f, space, {
        trials: 6,
        transfer: [earlier, { ...past('b'), name: 'same' }],
        storage: memoryStorage(),
      });
    const [one, two] = [await run(), await run()];
    expect(one.trials.map((t) => t.params)).toEqual(two.trials.map((t) => t.params));
    const { sources } = transferOf(one.trials[1]!);
    expect(sources.map(({ name }) => name).sort()).toEqual(['same', 'same (2)']);
    expect(one.trials[0]!.params.act).toBe('tanh');
  });

  it('with objectives other than the value are read by the first of them', () => {
    const goal = {
      direction: 'maximize',
      objectives: [{ metric: 'accuracy', direction: 'maximize' }],
    } as const;
    const trial = (number: number, metrics: Record<string, number>) =>
      ({ number, params: {}, reports: [], state: 'complete', value: 9, metrics }) as const;
    const trials = [trial(0, { accuracy: 0.7 }), trial(1, {})];
    expect(studySource(trials, { name: 's', goal })).toEqual({
      name: 's',
      direction: 'maximize',
      trials: [
        { params: {}, value: 0.7, metrics: { accuracy: 0.7 } },
        { params: {}, state: 'failed', reason: 'no accuracy' },
      ],
    });
    const both = [...goal.objectives, { metric: 'value', direction: 'minimize' }] as const;
    expect(studySource(trials, { goal: { ...goal, objectives: both } })).toMatchObject({
      trials,
      direction: 'minimize',
    });
  });

  it('start a study of the umbrella’s createStudy without a sampler being named', async () => {
    const study = createStudy({ space, direction: 'minimize', transfer, method: 'quantile' });
    expect((await study.ask()).why).toMatchObject({ transfer: { method: 'portfolio', gate: 1 } });
    const { f } = task('target 0');
    await optimize(study, f, { trials: 5 });
    expect((await study.best())!.value).toBeLessThan(1.1 * task('target 0').lowest);
  });
});

describe('features of the new task', () => {
  // The best setting is the feature: with it, the new task's neighbours are known at once.
  const line = searchSpace({ u: uniform(0, 1) });
  const f = (best: number) => (p: { u: number }) => 10 * (p.u - best) ** 2;
  const sources = [0, 0.1, 0.2, 0.3, 0.45, 0.75, 0.85, 0.95].map((best, k) => {
    const rng = seeded(`line ${k}`);
    const trials = Array.from({ length: 15 }, () => {
      const params = { u: rng.next() };
      return { params, value: f(best)(params) };
    });
    return { name: `at ${best}`, trials, metaFeatures: [1000 * best, 7] };
  });
  const best = 0.88;
  const run = async (method: TransferMethod, metaFeatures?: readonly number[]) =>
    (await minimize(f(best), line, { trials: 3, transfer: sources, method, metaFeatures })).trials;

  it.each(methods)('help %s to begin where similar tasks were good', async (method) => {
    const [informed, not] = [await run(method, [1000 * best, 7]), await run(method)];
    const first = ([trial]: typeof not) => (trial?.state === 'complete' ? trial.value : Infinity);
    expect(first(informed)).toBeLessThan(0.4 * first(not));
  });

  it.each(models.filter((method) => method !== 'multi-task'))(
    'give the sources of %s that are near more weight',
    async (method) => {
      const [, second] = await run(method, [1000 * best, 7]);
      const { sources: explained } = transferOf(second!);
      const weightOf = (name: string) => explained.find((source) => source.name === name)!.weight;
      expect(weightOf('at 0.85')).toBeGreaterThan(2 * weightOf('at 0.1'));
    },
  );

  it('are not required of any source, nor of the new task', async () => {
    const mixed = sources.map((s, k) => (k % 2 ? s : { name: s.name, trials: s.trials }));
    for (const metaFeatures of [undefined, [880, 7]]) {
      const { value } = await minimize(f(best), line, { trials: 8, transfer: mixed, metaFeatures });
      expect(value).toBeLessThan(0.05);
    }
  });

  it.each([
    [[1, 2, 3], 'metaFeatures of source at 0 is [0,7], allowed is 3 finite numbers'],
    [[1, Number.NaN], 'metaFeatures is [1,null], allowed is 2 finite numbers'],
    [[], 'metaFeatures is [], allowed is at least one finite numbers'],
  ])('refuses %j beside sources with two', (metaFeatures, message) => {
    expect(() => autoSampler({ transfer: sources, metaFeatures })).toThrow(message);
  });
  it('refuses sources of different lengths', () => {
    const odd = [...sources, { trials: [], metaFeatures: [1] }];
    expect(() => autoSampler({ transfer: odd })).toThrow(
      'metaFeatures of source source 9 is [1], allowed is 2',
    );
  });
});

describe('a study with further metrics', () => {
  it('keeps what sources say to the value', async () => {
    const { f, lowest } = task('target 0');
    const study = createStudy({
      space,
      direction: 'minimize',
      transfer,
      method: 'residual',
      constraints: [{ metric: 'memory', atMost: 0.5 }],
    });
    for (let k = 0; k < 12; k++) {
      const { number, params } = await study.ask();
      await study.tell(number, {
        state: 'complete',
        value: f(params),
        metrics: { memory: params.keep + 0.3 },
      });
    }
    const best = (await study.best())!;
    expect(best.params.keep).toBeLessThanOrEqual(0.2 + 1e-9);
    expect(best.value).toBeLessThan(1.3 * lowest);
  });

  it('maximizes as well', async () => {
    const { f, lowest } = task('target 1');
    const turned = transfer.map((source) => ({ ...source, direction: 'minimize' as const }));
    const { value } = await maximize((p: Net) => -f(p), space, {
      trials: 5,
      transfer: turned,
      method: 'two-stage',
    });
    expect(value).toBeGreaterThan(-1.1 * lowest);
  });
});
