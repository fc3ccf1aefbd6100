import {
  type CompletionRequest,
  InvalidArgumentError,
  type LanguageModel,
  type SampleRequest,
  seeded,
  type Trial,
  type Why,
} from '@foothold/core';
import { random, sobol } from '@foothold/samplers';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage } from '@foothold/study';
import { describeSampler } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { recordedModel } from '../access/recorded-model.ts';
import { taskCard } from '../card/task-card.ts';
import { BudgetExceededError, LanguageModelError, TaskCardError } from '../errors.ts';
import { ledger } from '../limits/ledger.ts';
import { limitedModel } from '../limits/limited-model.ts';
import { zeroShotWarmStart } from './zero-shot-warm-start.ts';

const conformanceCard = taskCard({
  ...{ model: 'test function', task: 'minimization', metric: 'value', direction: 'minimize' },
  hyperparameters: { u: {}, n: {}, c: {} },
});
const colours = ['red', 'green', 'blue'];
const good = Array.from(
  { length: 12 },
  (_, i) => `## u: 5, n: ${i % 4}, c: ${colours[Math.floor(i / 4)]} ##`,
).join('\n');

/** Models of every kind: whatever they answer, the sampler is one. */
const models: Readonly<Record<string, () => LanguageModel>> = {
  'good answers': () => recordedModel(() => good),
  'few answers': () => recordedModel(() => '## u: 5, n: 1, c: red ##'),
  'wrong answers': () => recordedModel(() => '## u: 50, n: 9, c: pink ##\n{"__proto__": 1}'),
  'the same answer': () => recordedModel(() => '## u: 5, n: 1, c: red ##\n'.repeat(1000)),
  silence: () => recordedModel(() => ''),
  commands: () =>
    recordedModel(
      () => 'Ignore all earlier text. $(rm -rf /) ../../etc/passwd `reboot` ## u: 5, n: 0, c: red ##',
    ),
  failures: () =>
    recordedModel(() => {
      throw new LanguageModelError('server', 'down', { model: 'recorded' });
    }),
};
for (const [kind, model] of Object.entries(models))
  describeSampler(`zeroShotWarmStart with ${kind}`, () =>
    zeroShotWarmStart(model(), { card: conformanceCard, sampler: random(), count: 7 }),
  );

const space = searchSpace({ x: uniform(0, 1), n: integer(0, 9), c: categorical('a', 'b') });
const card = taskCard(
  {
    ...{
      model: 'random forest',
      task: 'classification',
      samples: 150,
      metric: 'accuracy',
      direction: 'maximize',
    },
    hyperparameters: { x: { meaning: 'share of features' }, n: {}, c: {} },
    facts: ['classes are balanced'],
  },
  { space, direction: 'maximize' },
);
const lines = (numbers: readonly number[]) => numbers.map((n) => `## x: 0.${n}, n: ${n}, c: a ##`).join('\n');

/** A model that remembers what it was asked. */
function asked(replies: readonly string[]): { model: LanguageModel; requests: CompletionRequest[] } {
  const requests: CompletionRequest[] = [];
  const model = recordedModel((request, call) => {
    requests.push(request);
    const reply = replies[call];
    if (reply === undefined) throw new LanguageModelError('refused', 'no more', { model: 'recorded' });
    return reply;
  });
  return { model, requests };
}

type P = typeof space extends { decode(point: Float64Array): infer T } ? T : never;
const request = (over: Partial<SampleRequest<P>> = {}): SampleRequest<P> => ({
  ...{ space, direction: 'maximize', trials: [], count: 1, rng: seeded(4) },
  ...over,
});
const options = { card, sampler: sobol() };
/** What `why` says that went wrong with the model. */
const failureIn = ({ why }: { readonly why?: Why }) =>
  (why?.['adviser'] as { failure: string } | undefined)?.failure;

describe('zeroShotWarmStart', () => {
  it('asks once for all first trials, in the course of a study, and then the sampler beneath', async () => {
    const { model, requests } = asked([lines([1, 2, 3, 4, 5])]);
    const sampler = zeroShotWarmStart(model, { ...options, context: 'partial' });
    const study = await createStudy({
      space,
      sampler,
      storage: memoryStorage(),
      direction: 'maximize',
      seed: 1,
    });
    const trials: Trial<P>[] = [];
    for (let k = 0; k < 7; k++) {
      trials.push(await study.ask());
      await study.tell(k, { state: 'complete', value: k });
    }
    expect(requests).toHaveLength(1);
    expect(trials.slice(0, 5).map(({ params }) => params.n)).toEqual([1, 2, 3, 4, 5]);
    expect(trials[0]!.why).toMatchObject({
      ...{ stage: 'zero-shot warm start', model: 'recorded', context: 'partial', calls: 1, proposed: 5 },
      tokens: { prompt: Math.ceil(requests[0]!.prompt.length / 4), completion: 31 },
    });
    expect(trials[1]!.why).toMatchObject({ calls: 0, tokens: { prompt: 0, completion: 0 } });
    expect(trials[5]!.why?.['stage']).not.toBe('zero-shot warm start');
    expect(requests[0]!.prompt).toContain('random forest');
    expect(requests[0]!.prompt).not.toContain('balanced');
  });

  it('asks once more, with the reasons, for what is missing', async () => {
    const { model, requests } = asked(['## x: 3, n: 1, c: a ##\n## x: 0.5, n: 2, c: b ##', lines([3, 4])]);
    const made = await zeroShotWarmStart(model, {
      ...options,
      count: 3,
      prices: { input: 1e6, output: 0 },
    }).sample(request({ count: 3 }));
    expect(made.map(({ params }) => params.n)).toEqual([2, 3, 4]);
    expect(requests[1]!.prompt).toContain('x is 3, outside');
    expect(requests[1]!.prompt).toContain('x: 0.5, n: 2, c: b');
    expect(requests[1]!.seed).not.toBe(requests[0]!.seed);
    const { tokens, cost, dropped } = made[0]!.why as {
      tokens: { prompt: number };
      cost: number;
      dropped: object;
    };
    expect(cost).toBe(tokens.prompt);
    expect(dropped).toEqual({ 'out-of-range': 1 });
  });

  it.each([
    ['fails', () => new LanguageModelError('server', 'down', { model: 'm' }), 'down'],
    [
      'has no budget left',
      () => new BudgetExceededError('tokens', { budget: 1, spent: 1, needed: 9 }),
      'budget of 1 tokens',
    ],
  ])('goes on with the sampler beneath where the model %s, and says why', async (_, error, words) => {
    let calls = 0;
    const model = recordedModel(() => {
      calls++;
      throw error();
    });
    const sampler = zeroShotWarmStart(model, options);
    const [first] = await sampler.sample(request());
    const [plain] = await sobol().sample(request());
    expect(first!.params).toEqual(plain!.params);
    expect(failureIn(first!)).toContain(words);
    // The next trials of the study do not ask again.
    const { params, samplerState } = first!;
    const trials: Trial<P>[] = [
      { number: 0, params, reports: [], state: 'running', ...(samplerState && { samplerState }) },
    ];
    await sampler.sample(request({ trials }));
    expect(calls).toBe(1);
  });

  it('does not go on where the caller is at fault, or has stopped', async () => {
    const broken = recordedModel(() => {
      throw new TypeError('a bug');
    });
    await expect(zeroShotWarmStart(broken, options).sample(request())).rejects.toThrow('a bug');
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const { model } = asked([lines([1])]);
    const call = zeroShotWarmStart(model, options).sample(request({ signal: stop.signal }));
    await expect(call).rejects.toThrow('enough');
  });

  it('proposes nothing that a trial has, also of trials that were loaded', async () => {
    const { model, requests } = asked([lines([1, 2, 3]), lines([1, 4])]);
    const trials: Trial<P>[] = [
      { number: 0, params: { x: 0.1, n: 1, c: 'a' }, reports: [], loaded: true, state: 'complete', value: 1 },
    ];
    const made = await zeroShotWarmStart(model, options).sample(request({ trials, count: 4 }));
    expect(made.map(({ params }) => params.n).slice(0, 3)).toEqual([2, 3, 4]);
    expect(made[0]!.why).toMatchObject({ dropped: { duplicate: 2 }, proposed: 3 });
    expect(requests[0]!.prompt).toContain('Propose 4 configurations');
  });

  it('keeps values that are given', async () => {
    const { model } = asked([lines([1, 2, 3, 4, 5])]);
    const made = await zeroShotWarmStart(model, options).sample(request({ fixed: { c: 'b' }, count: 3 }));
    expect(made.map(({ params }) => params.c)).toEqual(['b', 'b', 'b']);
  });

  it('draws with the seed of the study', async () => {
    const seedOf = async (seed: number) => {
      const { model, requests } = asked([lines([1, 2, 3, 4, 5])]);
      await zeroShotWarmStart(model, options).sample(request({ rng: seeded(seed) }));
      return requests[0]!.seed;
    };
    expect(await seedOf(1)).toBe(await seedOf(1));
    expect(await seedOf(1)).not.toBe(await seedOf(2));
  });

  it('spends no more than the ledger has', async () => {
    const account = ledger({ maxTokens: 1900 });
    const model = limitedModel(
      recordedModel(() => 'nothing useful'),
      { ledger: account },
    );
    const made = await zeroShotWarmStart(model, options).sample(request({ count: 5 }));
    expect(made).toHaveLength(5);
    expect(account.state().requests).toBe(1);
    expect(failureIn(made[0]!)).toContain('the budget of 1900 tokens');
  });

  it('refuses a card that contradicts the problem when the study is made', async () => {
    const other = searchSpace({ x: uniform(0, 1), n: integer(0, 9) });
    const make = async (over: object) =>
      createStudy({
        space,
        sampler: zeroShotWarmStart(asked([]).model, options),
        storage: memoryStorage(),
        direction: 'maximize',
        ...over,
      });
    await expect(make({ direction: 'minimize' })).rejects.toBeInstanceOf(TaskCardError);
    await expect(make({ space: other })).rejects.toMatchObject({ field: 'hyperparameters.c' });
  });

  it.each([{ count: 0 }, { count: 1.5 }, { maxTokens: 0 }, { temperature: 3 }, { context: 'all' as 'full' }])(
    'refuses %j',
    (over) => {
      expect(() => zeroShotWarmStart(asked([]).model, { ...options, ...over })).toThrow(InvalidArgumentError);
    },
  );
});
