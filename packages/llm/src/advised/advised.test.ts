import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Column,
  type Direction,
  InvalidArgumentError,
  type LanguageModel,
  type Params,
  type Sampler,
  type SearchSpace,
  seeded,
  type Trial,
  type Why,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { bayesian, random } from '@foothold/samplers';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage } from '@foothold/study';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { recordedModel } from '../access/recorded-model.ts';
import { taskCard } from '../card/task-card.ts';
import { TaskCardError } from '../errors.ts';
import { ledger } from '../limits/ledger.ts';
import { limitedModel } from '../limits/limited-model.ts';
import { advised } from './advised.ts';
import type { AdvisedOptions } from './advised-options.ts';
import { branin, card, informed, type Point, space, useless } from './advisers.fixture.ts';

const process = (columns: readonly Column[]) =>
  bayesian({ surrogate: gaussianProcess({ columns }), acquisition: logExpectedImprovement() });
const plain = () => process(space.columns);

const conformanceCard = taskCard({
  ...{ model: 'test function', task: 'minimization', metric: 'value', direction: 'minimize' },
  hyperparameters: { u: {}, n: {}, c: {} },
});
const colours = ['red', 'green', 'blue'];
const everyCell = Array.from(
  { length: 12 },
  (_, i) => `## u: 5, n: ${i % 4}, c: ${colours[Math.floor(i / 4)]} ##`,
).join('\n');
const three = ['u', 'n', 'c'].map((name) => ({ kind: 'continuous' as const, name }));
const conforming: Readonly<Record<string, () => LanguageModel>> = {
  'every configuration': () => recordedModel(() => everyCell),
  instructions: useless['instructions']!,
  'a defect': useless['a defect']!,
};
for (const [kind, model] of Object.entries(conforming))
  describeSampler(`advised by ${kind}`, () =>
    advised(process(three), { model: model(), card: conformanceCard }),
  );
describeSampler('a random search that is advised', () =>
  advised(random(), { model: recordedModel(() => everyCell), card: conformanceCard }),
);

interface Run {
  readonly sampler?: Sampler;
  readonly model?: LanguageModel | undefined;
  readonly options?: Partial<AdvisedOptions>;
  readonly seed?: number;
  readonly count?: number;
  /** What is kept of a trial besides. */
  readonly keepsWhy?: boolean;
}

/** Trials one after another, each by a sampler that was made again: what it needs it has from the trials. */
async function run({ sampler, model, options, seed = 0, count = 14, keepsWhy = true }: Run) {
  const trials: Trial<Point>[] = [];
  for (let k = 0; k < count; k++) {
    const beneath = sampler ?? plain();
    const whole = model ? advised(beneath, { model, card, ...options }) : beneath;
    const rng = seeded(seed).fork(k);
    const [made] = await whole.sample<Point>({ space, direction: 'minimize', trials, count: 1, rng });
    const { why, ...rest } = made!;
    const value = branin(rest.params);
    const kept = { ...rest, ...(keepsWhy && why && { why }) };
    trials.push(JSON.parse(JSON.stringify({ number: k, ...kept, reports: [], state: 'complete', value })));
  }
  return trials;
}
const paramsOf = (trials: readonly Trial<Point>[]) => trials.map(({ params }) => params);
const best = (trials: readonly Trial<Point>[]) =>
  Math.min(...trials.map((trial) => (trial.state === 'complete' ? trial.value : Infinity)));
const adviceOf = ({ why }: Trial<Point>) => why?.['adviser'] as unknown as Advice | undefined;
interface Advice extends Why {
  readonly asked: boolean;
  readonly followed: boolean;
  readonly proposed: readonly string[];
  readonly tokens: { readonly prompt: number; readonly completion: number };
  readonly cost: number;
  readonly failure: string;
}

describe('a sampler advised by a language model', () => {
  const without = ['wrong units', 'instructions', 'a million characters', 'silence'];
  const useful = ['the worst point only', 'a constant point'];
  it.each([...without, ...useful, 'a server that is down', 'a defect'])(
    'proposes exactly what it does alone where the model gives %s',
    async (kind) => {
      const trials = await run({ model: useless[kind]!() });
      expect(paramsOf(trials)).toEqual(paramsOf(await run({})));
      const asked = trials.map(adviceOf).filter((advice) => advice?.asked);
      expect(asked.length).toBeGreaterThan(0);
      for (const advice of asked) expect(advice).toMatchObject({ followed: false });
      if (useful.includes(kind)) return;
      for (const advice of asked) expect(advice).toMatchObject({ proposed: [] });
      if (!without.includes(kind)) expect(asked[0]!.failure).toMatch(/down|defect/);
    },
  );

  it.each(['points near the worst', 'random'])(
    'follows an adviser of %s at two trials in a hundred at most, and asks it less and less',
    async (kind) => {
      let followed = 0;
      let early = 0;
      let late = 0;
      for (let seed = 0; seed < 4; seed++) {
        const advice = (await run({ model: useless[kind]!(), seed, count: 25 })).map(adviceOf);
        followed += advice.filter((one) => one?.followed).length;
        early += advice.slice(0, 5).filter((one) => one?.asked).length;
        late += advice.slice(-5).filter((one) => one?.asked).length;
      }
      expect(followed).toBeLessThanOrEqual(2);
      expect(late).toBeLessThan(early);
    },
  );

  it('gives a place of the design to what proposals agree on, and then has the prior of it, while it is best', async () => {
    const trials = await run({ model: informed(), seed: 1 });
    const first = trials.findIndex((trial) => adviceOf(trial)?.followed);
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(5);
    expect(Math.abs(trials[first]!.params.a - Math.PI)).toBeLessThan(0.3);
    // The design goes on as it would.
    const seedsOf = trials.slice(0, 5).map(({ samplerState }) => samplerState!['design']);
    expect(new Set(seedsOf).size).toBe(1);
    const priors = trials.flatMap(({ why }) => (why?.['prior'] as { strength: number } | undefined) ?? []);
    expect(priors.length).toBeGreaterThan(3);
    const numbers = trials.flatMap(({ why, number }) => (why?.['prior'] ? [number] : []));
    expect(priors.map(({ strength }) => strength)).toEqual(numbers.map((n) => 10 / n));
    // Without influence the same adviser has candidates alone.
    const weak = await run({ model: informed(), seed: 1, options: { strength: 0 } });
    expect(weak.some(({ why }) => why?.['prior'])).toBe(false);
    const shift = await run({ model: informed(), seed: 1, options: { influence: 'mean-shift' } });
    expect(
      shift.some(({ why }) => (why?.['prior'] as { influence?: string })?.influence === 'mean-shift'),
    ).toBe(true);
  });

  it('halves the regret after 12 trials with an informed adviser at least', async () => {
    // Geometric means: regret spans orders of magnitude.
    let logRatio = 0;
    for (let seed = 0; seed < 10; seed++) {
      const withModel = best(await run({ model: informed(), seed, count: 12 }));
      logRatio += Math.log(withModel / best(await run({ seed, count: 12 }))) / 10;
    }
    expect(Math.exp(logRatio)).toBeLessThan(0.5);
  });

  it('says what was proposed, dropped and spent, and whether it was followed', async () => {
    const trials = await run({ model: informed(), options: { prices: { input: 1e6, output: 1e6 } } });
    const advice = trials.map(adviceOf);
    // The first trial is the control.
    expect(advice[0]).toBeUndefined();
    expect(advice.slice(5).every((one) => one !== undefined)).toBe(true);
    for (const one of advice)
      if (one?.followed) {
        expect(one.proposed.length).toBeGreaterThan(0);
        expect(one.cost).toBe(one.tokens.prompt + one.tokens.completion);
      } else if (one && !one.asked) expect(one).not.toHaveProperty('proposed');
    expect(advice.some((one) => one?.followed)).toBe(true);
  });

  it('is the same again with the same replies and seed, and without what only people read', async () => {
    const once = await run({ model: informed() });
    expect(await run({ model: informed() })).toEqual(once);
    expect(paramsOf(await run({ model: informed(), keepsWhy: false }))).toEqual(paramsOf(once));
  });

  it('spends no more than its budget, and tells all that it spent', async () => {
    for (const maxTokens of [1, 3000, 12_000, 40_000]) {
      const account = ledger({ maxTokens });
      const model = limitedModel(informed(), { ledger: account, cache: false, retry: { retries: 0 } });
      const trials = await run({ model });
      const { promptTokens, completionTokens, excessTokens } = account.state();
      expect(promptTokens + completionTokens).toBeLessThanOrEqual(maxTokens);
      expect(excessTokens).toBe(0);
      const told = trials.flatMap((trial) => adviceOf(trial)?.tokens ?? []);
      expect(told.reduce((sum, { prompt }) => sum + prompt, 0)).toBe(promptTokens);
      expect(told.reduce((sum, { completion }) => sum + completion, 0)).toBe(completionTokens);
      if (maxTokens === 1) expect(paramsOf(trials)).toEqual(paramsOf(await run({})));
    }
  });

  it('asks three times at most where no acquisition ever decides', async () => {
    const trials = await run({ sampler: random(), model: useless['silence']!() });
    expect(paramsOf(trials)).toEqual(paramsOf(await run({ sampler: random() })));
    expect(trials.map((trial) => adviceOf(trial)?.asked ?? false)).toEqual(
      Array.from({ length: 14 }, (_, i) => i > 0 && i < 4),
    );
  });

  it('proposes batches of different points, each with its own question', async () => {
    const trials = await run({ model: informed(), count: 6 });
    const sampler = advised(plain(), { model: informed(), card });
    const request = { space, direction: 'minimize', trials, count: 6, rng: seeded(2) } as const;
    const made = await sampler.sample<Point>(request);
    expect(new Set(made.map(({ params }) => JSON.stringify(params))).size).toBe(6);
    expect(made.map(({ why }) => typeof (why!['adviser'] as Why)['asked'])).toEqual(
      Array.from({ length: 6 }, () => 'boolean'),
    );
  });

  it('begins with the default configuration as a control', async () => {
    const withDefaults: SearchSpace<Point> = { ...space, defaults: { a: 2, b: 3 } };
    for (const beneath of [random(), plain()])
      for (const count of [1, 3]) {
        const sampler = advised(beneath, { model: informed(), card });
        const made = await sampler.sample<Point>({
          ...{ space: withDefaults, direction: 'minimize', trials: [], count, rng: seeded(1) },
        });
        expect(made).toHaveLength(count);
        expect(made[0]!.params.a).toBeCloseTo(2, 12);
        expect(made[0]!.params.b).toBeCloseTo(3, 12);
      }
  });

  it('stops where it is told to', async () => {
    const trials = await run({ count: 8 });
    const controller = new AbortController();
    const model = recordedModel(() => {
      controller.abort(new Error('enough'));
      throw new TypeError('a defect');
    });
    const ask = async (seed: number) =>
      advised(plain(), { model, card }).sample<Point>({
        ...{ space, direction: 'minimize', trials, count: 4, rng: seeded(seed), signal: controller.signal },
      });
    await expect(ask(0)).rejects.toThrow('enough');
  });

  it('refuses problems that a model cannot see, and a card that contradicts the study', async () => {
    const sampler = advised(plain(), { model: informed(), card });
    const make = async (
      over: { readonly direction?: Direction; readonly space?: SearchSpace<Params> } | object,
    ) => createStudy({ space, sampler, storage: memoryStorage(), direction: 'minimize', ...over });
    await expect(make({ constraints: [{ metric: 'seconds', atMost: 3 }] })).rejects.toThrow(
      'outcome-constraints',
    );
    await expect(make({ direction: 'maximize' })).rejects.toBeInstanceOf(TaskCardError);
    await expect(make({ space: searchSpace({ a: uniform(0, 1) }) })).rejects.toMatchObject({
      field: 'hyperparameters.b',
    });
  });

  it.each([
    { count: 0 },
    { templates: 0 },
    { alpha: Number.NaN },
    { warping: 'x' as 'log' },
    { strength: -1 },
    { influence: 'x' as 'prior' },
  ])('refuses %j', (over) => {
    expect(() => advised(plain(), { model: informed(), card, ...over })).toThrow(InvalidArgumentError);
  });
});
