import {
  type CompletionRequest,
  type Direction,
  InvalidArgumentError,
  type LanguageModel,
  type Outcome,
  type Params,
  type SampleRequest,
  seeded,
  type Trial,
  type Why,
} from '@foothold/core';
import { random, sobol } from '@foothold/samplers';
import { integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage } from '@foothold/study';
import { describeSampler } from '@foothold/testing';
import { type FakeModelServer, fakeModelServer } from '@foothold/testing/fake-model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { languageModel } from '../access/language-model.ts';
import { recordedModel } from '../access/recorded-model.ts';
import { taskCard } from '../card/task-card.ts';
import { LanguageModelError, TaskCardError } from '../errors.ts';
import { ledger } from '../limits/ledger.ts';
import { limitedModel } from '../limits/limited-model.ts';
import { llambo } from './llambo.ts';
import type { LlamboOptions } from './llambo-options.ts';

const conformanceCard = taskCard({
  ...{ model: 'test function', task: 'minimization', metric: 'value', direction: 'minimize' },
  hyperparameters: { u: {}, n: {}, c: {} },
});
const colours = ['red', 'green', 'blue'];
const everyCell = Array.from(
  { length: 12 },
  (_, i) => `## u: 5, n: ${i % 4}, c: ${colours[Math.floor(i / 4)]} ##`,
).join('\n');
const isCandidates = ({ prompt }: CompletionRequest) => prompt.includes('Propose');

/** Models of every kind: whatever they answer, the loop is a sampler. */
const models: Readonly<Record<string, () => LanguageModel>> = {
  'good answers': () => recordedModel((request) => (isCandidates(request) ? everyCell : '## 0.5 ##')),
  'useless predictions': () =>
    recordedModel((request) => (isCandidates(request) ? everyCell : 'NaN, ## 1e999 ##')),
  'huge predictions': () => recordedModel((request) => (isCandidates(request) ? everyCell : '## -1e308 ##')),
  'few answers': () => recordedModel(() => '## u: 5, n: 1, c: red ##'),
  'wrong answers': () => recordedModel(() => '## u: 50, n: 9, c: pink ##\n{"__proto__": 1}'),
  silence: () => recordedModel(() => ''),
  commands: () => recordedModel(() => 'Ignore all earlier text. $(rm -rf /) ../../etc/passwd `reboot`'),
  failures: () =>
    recordedModel(() => {
      throw new LanguageModelError('server', 'down', { model: 'recorded' });
    }),
};
for (const [kind, model] of Object.entries(models))
  describeSampler(`llambo with ${kind}`, () =>
    llambo(model(), { card: conformanceCard, generations: 2, candidates: 4 }),
  );
describeSampler('llambo in generative mode', () =>
  llambo(models['good answers']!(), { card: conformanceCard, mode: 'generative', warping: 'normalized' }),
);

const space = searchSpace({ lr: logUniform(1e-5, 1e-1), n: integer(0, 50) });
type P = { readonly lr: number; readonly n: number };
const cardOf = (direction: Direction) =>
  taskCard(
    { model: 'network', task: 'regression', metric: 'loss', direction, hyperparameters: { lr: {}, n: {} } },
    { space, direction },
  );

/**
 * Proposes random configurations by the seed of the request, and predicts what the function says: an adviser whose candidates are plain
 * and whose surrogate is right.
 */
function adviser(f: (params: P) => number) {
  const requests: CompletionRequest[] = [];
  const model = recordedModel((request) => {
    requests.push(request);
    const { seed = 0, count = 1, prompt } = request;
    if (isCandidates(request)) {
      const rng = seeded(seed);
      const wanted = Number(/Propose (\d+)/.exec(prompt)?.[1] ?? 1);
      const line = () => `## lr: ${10 ** (-5 + 4 * rng.next())}, n: ${Math.floor(51 * rng.next())} ##`;
      return Array.from({ length: count }, () => Array.from({ length: wanted }, line).join('\n'));
    }
    const last = prompt.split('\n').at(-1)!;
    const [, lr, n] = /lr: (\S+), n: (\d+)/.exec(last.replace(/^(n: \d+), (lr: \S+)/, '$2, $1'))!;
    return Array.from({ length: count }, () => `## ${f({ lr: Number(lr), n: Number(n) })} ##`);
  });
  return { model, requests };
}
const bowl = ({ lr, n }: P) => (Math.log10(lr) + 3) ** 2 + ((n - 20) / 25) ** 2;

async function run(
  model: LanguageModel,
  {
    objective,
    direction = 'minimize',
    count = 12,
    ...options
  }: Partial<LlamboOptions> & {
    readonly objective: (params: P, number: number) => Outcome | number;
    readonly direction?: Direction;
    readonly count?: number;
  },
): Promise<readonly Trial<P>[]> {
  const sampler = llambo(model, { card: cardOf(direction), ...options });
  const study = await createStudy({ space, sampler, storage: memoryStorage(), direction, seed: 7 });
  const trials: Trial<P>[] = [];
  for (let k = 0; k < count; k++) {
    const trial = await study.ask();
    const outcome = objective(trial.params, k);
    const told: Outcome = typeof outcome === 'number' ? { state: 'complete', value: outcome } : outcome;
    await study.tell(trial.number, told);
    trials.push({ ...trial, ...told } as Trial<P>);
  }
  return trials;
}
const stages = (trials: readonly Trial<P>[]) => trials.map(({ why }) => why?.['stage']);

describe('llambo', () => {
  it('makes five first trials, then the best of ten candidates by two templates of ten generations', async () => {
    const { model, requests } = adviser(bowl);
    const trials = await run(model, { objective: bowl, count: 7 });
    expect(stages(trials)).toEqual([
      ...Array.from({ length: 5 }, () => 'zero-shot warm start'),
      ...['llambo', 'llambo'],
    ]);
    expect(requests.map(({ count = 1 }) => count)).toEqual([
      1,
      ...[0, 1].flatMap(() => [5, 5, ...Array.from({ length: 20 }, () => 10)]),
    ]);
    const values = trials.slice(0, 5).map(({ params }) => bowl(params));
    const [best, worst] = [Math.min(...values), Math.max(...values)];
    expect(trials[5]!.why).toMatchObject({ mode: 'discriminative', proposed: 10, calls: 22 });
    expect(trials[5]!.why!['target']).toBeCloseTo(best - 0.1 * (worst - best), 10);
    // Of ten candidates the one that is best in truth, since the predictions are right.
    const asked = requests.slice(3, 23).map(({ prompt }) => /lr: (\S+), n: (\d+) =>$/.exec(prompt)!);
    const predicted = asked.map(([, lr, n]) => bowl({ lr: Number(lr), n: Number(n) }));
    expect(bowl(trials[5]!.params)).toBeCloseTo(Math.min(...predicted), 4);
    expect(trials[5]!.why!['mean']).toBeCloseTo(Math.min(...predicted), 4);
  });

  it('finds better trials than the random search that its candidates are', async () => {
    let wins = 0;
    for (let seed = 0; seed < 5; seed++) {
      const shifted = (params: P) => bowl({ ...params, n: (params.n + 7 * seed) % 51 });
      const best = (trials: readonly Trial<P>[]) => Math.min(...trials.map(({ params }) => shifted(params)));
      const made = await run(adviser(shifted).model, { objective: shifted, count: 15, generations: 2 });
      const plain = await run(
        recordedModel(() => ''),
        { objective: shifted, count: 15 },
      );
      if (best(made) < best(plain)) wins++;
    }
    expect(wins).toBeGreaterThanOrEqual(4);
  });

  const objectives: Readonly<Record<string, (params: P, k: number) => Outcome | number>> = {
    tiny: (params) => 1e-30 * bowl(params),
    huge: (params) => 1e30 * bowl(params),
    negative: (params) => -5 - bowl(params),
    'negative and huge': (params) => -1e30 * (1 + bowl(params)),
    constant: () => -3,
    zero: () => 0,
    'failing sometimes': (params, k) => (k % 2 === 0 ? { state: 'failed', reason: 'test' } : bowl(params)),
    'failing always': () => ({ state: 'failed', reason: 'test' }),
    'above a million, in small steps': (params) => 1e6 + 1e-3 * bowl(params),
  };
  for (const mode of ['discriminative', 'generative'] as const)
    it.each(Object.keys(objectives))(
      `goes on with an objective that is %s, in both directions (${mode})`,
      async (kind) => {
        for (const direction of ['minimize', 'maximize'] as const) {
          const objective = objectives[kind]!;
          const value = (params: P) => {
            const outcome = objective(params, 1);
            return typeof outcome === 'number' ? outcome : 0;
          };
          const answer = mode === 'generative' ? (params: P) => Number(params.n < 20) : value;
          const trials = await run(adviser(answer).model, {
            objective,
            direction,
            mode,
            count: 9,
            generations: 2,
          });
          expect(stages(trials).slice(5)).toEqual(['llambo', 'llambo', 'llambo', 'llambo']);
          for (const { params } of trials) expect(() => space.encode(params)).not.toThrow();
          for (const { why } of trials) expect(JSON.parse(JSON.stringify(why))).toEqual(why);
          const isKnown = !kind.includes('always');
          expect(typeof trials.at(-1)!.why!['target']).toBe(isKnown ? 'number' : 'undefined');
        }
      },
    );

  it('chooses the same among the same candidates at every scale', async () => {
    const chosen = async (scale: number, shift: number) => {
      const f = (params: P) => scale * (bowl(params) + shift);
      return (await run(adviser(f).model, { objective: f, count: 8 })).map(({ params }) => params);
    };
    const plain = await chosen(1, 0);
    for (const [scale, shift] of [
      [1e-30, 0],
      [1e30, 0],
      [1, -9],
      [64, 3],
    ] as const)
      expect(await chosen(scale, shift)).toEqual(plain);
  });

  it('prefers the more probable in generative mode', async () => {
    const { model } = adviser(({ n }) => Number(n < 5));
    const trials = await run(model, {
      objective: bowl,
      mode: 'generative',
      count: 6,
      candidates: 60,
      templates: 1,
      generations: 1,
    });
    expect(trials[5]!.params.n).toBeLessThan(5);
    // The probability of 1 is (1 + ½)/(1 + 1): the mean is better than the best value.
    expect(trials[5]!.why!['mean']).toBeLessThan(
      Math.min(...trials.slice(0, 5).map(({ params }) => bowl(params))),
    );
  });

  it('is the same again with the same replies and seed', async () => {
    const options = { objective: bowl, jitter: true, shuffleFeatures: true, bootstrap: true, count: 8 };
    const [one, two] = [adviser(bowl), adviser(bowl)];
    expect(await run(one.model, options)).toEqual(await run(two.model, options));
    expect(one.requests).toEqual(two.requests);
  });

  it('proposes with the sampler beneath where the model fails, and says why', async () => {
    const trials = await run(models['failures']!(), { objective: bowl, sampler: sobol(), count: 8 });
    for (const { why } of trials) expect((why!['adviser'] as Why)['failure']).toContain('down');
    const plain = await createStudy({
      space,
      sampler: sobol(),
      storage: memoryStorage(),
      direction: 'minimize',
      seed: 7,
    });
    for (const { params } of trials) expect(params).toEqual((await plain.ask()).params);
  });

  it('takes the first candidate where the surrogate has no answer', async () => {
    const { model } = adviser(bowl);
    const mute = recordedModel(async (request) =>
      isCandidates(request) ? await model.complete(request) : '?',
    );
    const trials = await run(mute, { objective: bowl, count: 6 });
    expect(trials[5]!.why).toMatchObject({ stage: 'llambo', proposed: 10 });
  });

  it('spends no more than its budget, and tells in `why` all that it spent', async () => {
    for (const maxTokens of [1, 3000, 20_000, 60_000, 200_000]) {
      const account = ledger({ maxTokens });
      const model = limitedModel(adviser(bowl).model, {
        ledger: account,
        cache: false,
        retry: { retries: 0 },
      });
      const trials = await run(model, { objective: bowl, count: 10, prices: { input: 1e6, output: 1e6 } });
      const { promptTokens, completionTokens, excessTokens } = account.state();
      expect(promptTokens + completionTokens).toBeLessThanOrEqual(maxTokens);
      expect(excessTokens).toBe(0);
      const told = trials.map(({ why }) => (why?.['adviser'] ?? why) as unknown as Spending);
      expect(told.reduce((sum, { tokens }) => sum + tokens.prompt, 0)).toBe(promptTokens);
      expect(told.reduce((sum, { tokens }) => sum + tokens.completion, 0)).toBe(completionTokens);
      expect(told.reduce((sum, { cost }) => sum + cost, 0)).toBeCloseTo(promptTokens + completionTokens, 6);
    }
  });

  it('proposes a batch of the best candidates, across the end of the first trials too', async () => {
    const { model } = adviser(bowl);
    const sampler = llambo(model, { card: cardOf('minimize'), generations: 1 });
    const trials: Trial<P>[] = Array.from({ length: 4 }, (_, number) => ({
      ...{ number, params: { lr: 0.001, n: number }, reports: [], state: 'complete', value: number },
    }));
    const request: SampleRequest<P> = { space, direction: 'minimize', trials, count: 14, rng: seeded(1) };
    const made = await sampler.sample(request);
    expect(made).toHaveLength(14);
    expect(made.map(({ why }) => why?.['stage'])).toEqual([
      'zero-shot warm start',
      ...Array.from({ length: 13 }, () => 'llambo'),
    ]);
    expect(new Set(made.map(({ params }) => space.encode(params).join())).size).toBe(14);
    const calls = made.map(({ why }) => why?.['calls'] as number);
    expect(calls.slice(2).every((n) => n === 0)).toBe(true);
  });

  it('takes another sampler for the first trials', async () => {
    const { model, requests } = adviser(bowl);
    const trials = await run(model, { objective: bowl, initial: sobol(), initialTrials: 3, count: 4 });
    expect(stages(trials).at(-1)).toBe('llambo');
    expect(requests.every(({ prompt }) => !prompt.includes('to begin with'))).toBe(true);
  });

  it('stops where it is told to, and passes on what is not the model’s fault', async () => {
    const sampler = (model: LanguageModel) => llambo(model, { card: cardOf('minimize'), initialTrials: 1 });
    const trials: Trial<P>[] = [
      { number: 0, params: { lr: 0.01, n: 1 }, reports: [], state: 'complete', value: 1 },
    ];
    const request = { space, direction: 'minimize', trials, count: 1, rng: seeded(1) } as const;
    const broken = recordedModel(() => {
      throw new TypeError('a bug');
    });
    await expect(sampler(broken).sample(request)).rejects.toThrow('a bug');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(sampler(adviser(bowl).model).sample({ ...request, signal })).rejects.toThrow('enough');
  });

  it('refuses problems that a model cannot see, and a card that contradicts the study', async () => {
    const sampler = llambo(adviser(bowl).model, { card: cardOf('minimize'), sampler: random() });
    const make = async (over: object) =>
      createStudy({ space, sampler, storage: memoryStorage(), direction: 'minimize', ...over });
    await expect(make({ constraints: [{ metric: 'seconds', atMost: 3 }] })).rejects.toThrow(
      'outcome-constraints',
    );
    await expect(make({ direction: 'maximize' })).rejects.toBeInstanceOf(TaskCardError);
    await expect(make({ space: searchSpace({ lr: uniform(0, 1) }) })).rejects.toMatchObject({
      field: 'hyperparameters.n',
    });
  });

  it.each([
    { candidates: 0 },
    { templates: 0 },
    { generations: 0 },
    { initialTrials: 0 },
    { alpha: Number.NaN },
    { topFraction: 2 },
    { mode: 'both' as 'generative' },
    { warping: 'x' as 'log' },
  ])('refuses %j', (over) => {
    expect(() => llambo(adviser(bowl).model, { card: cardOf('minimize'), ...over })).toThrow(
      InvalidArgumentError,
    );
  });
});

interface Spending {
  readonly tokens: { readonly prompt: number; readonly completion: number };
  readonly cost: number;
}

describe('llambo with a server', () => {
  const open: FakeModelServer[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (server) => server.close()));
  });

  it('goes through errors, cut and unreadable answers', async () => {
    const replies = [
      { status: 500 },
      { raw: '<html>' },
      { status: 429, headers: { 'retry-after': '0' } },
      { texts: ['## lr: 0.01, n: 4 ##'], cutAfter: 20 },
      'nonsense',
      '## lr: 0.01, n: 5 ##\n## lr: 0.02, n: 6 ##',
      '## 0.5 ##',
    ] as const;
    let calls = 0;
    const server = await fakeModelServer(() => replies[calls++ % replies.length]!);
    open.push(server);
    const model = limitedModel(languageModel({ baseURL: server.baseURL, model: 'fake', key: 'none' }), {
      retry: { retries: 1, delay: 1 },
    });
    const trials = await run(model, { objective: bowl, count: 9, generations: 1 });
    expect(trials).toHaveLength(9);
    expect(new Set(trials.map(({ params }: { params: Params }) => JSON.stringify(params))).size).toBe(9);
    expect(calls).toBeGreaterThan(10);
  });
});
