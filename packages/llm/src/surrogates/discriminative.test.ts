import { logExpectedImprovement } from '@foothold/acquisitions';
import { type Dataset, InvalidArgumentError, matrix, matrixOf, seeded } from '@foothold/core';
import { bayesian } from '@foothold/samplers';
import { categorical, logUniform, searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage } from '@foothold/study';
import { describeSurrogate } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { recordedModel } from '../access/recorded-model.ts';
import { taskCard } from '../card/task-card.ts';
import { LanguageModelError } from '../errors.ts';
import { ledger } from '../limits/ledger.ts';
import { limitedModel } from '../limits/limited-model.ts';
import { tokenBound } from '../token-bound.ts';
import { answeringModel, repeated } from './answering-model.fixture.ts';
import { candidateSearch } from './candidate-search.ts';
import { discriminative } from './discriminative.ts';

const square = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
const cardOf = (direction: 'minimize' | 'maximize') =>
  taskCard(
    { model: 'a test', task: 'a function', metric: 'height', direction, hyperparameters: { a: {}, b: {} } },
    { space: square, direction },
  );
const card = cardOf('maximize');
const options = { space: square, card };

/** Reads the examples and answers with their mean, weighted by how near they are; 0 without one. */
const readingModel = () =>
  answeringModel(square, ({ params, examples, request }) => {
    let weight = 0;
    let sum = 0;
    const size = Math.max(...examples.map(({ outcome }) => Math.abs(Number(outcome))), 0) || 1;
    for (const { params: at, outcome } of examples) {
      const w = Math.exp(-60 * ((at.a - params.a) ** 2 + (at.b - params.b) ** 2)) + 1e-30;
      weight += w;
      sum += (w * Number(outcome)) / size;
    }
    return repeated([`## ${weight > 0 ? (size * sum) / weight : 0} ##`], request.count);
  });

describeSurrogate('discriminative', () => discriminative(readingModel(), options));
describeSurrogate('discriminative with all options', () =>
  discriminative(readingModel(), {
    ...{ space: square, card: cardOf('minimize'), context: 'none', warping: 'normalized' },
    ...{ templates: 3, generations: 2, bootstrap: true, recalibration: true, shuffleFeatures: true },
  }),
);

const three: Dataset = {
  x: matrixOf(
    [
      [0.1, 0.2],
      [0.5, 0.5],
      [0.9, 0.8],
    ].map((p) => Float64Array.from(p)),
  ),
  y: Float64Array.of(1, 2, 4),
};
const at = matrixOf([Float64Array.of(0.3, 0.4), Float64Array.of(0.6, 0.1)]);
const context = () => ({ rng: seeded(5) });
const saying = (texts: readonly string[]) =>
  answeringModel(square, ({ request }) => repeated(texts, request.count));

describe('discriminative', () => {
  it('believes in the mean and the standard deviation of all completions', async () => {
    const model = saying(['## 1 ##', '## 2 ##', '## 3 ##', '## 6 ##']);
    const surrogate = discriminative(model, { ...options, generations: 4 });
    const { mean, variance } = await (await surrogate.fit(three, context())).marginals(at);
    expect([...mean]).toEqual([3, 3]);
    // Values from 1 to 4 are shown in units of 1e-5.
    expect(variance[0]).toBeCloseTo(3.5 + 1e-10 / 12, 14);
  });

  it('shows values in the direction of the user', async () => {
    const model = saying(['## -7 ##']);
    const surrogate = discriminative(model, { space: square, card: cardOf('minimize') });
    const { mean } = await (await surrogate.fit(three, context())).marginals(at);
    expect([...mean]).toEqual([7, 7]);
    expect(model.requests[0]!.prompt).toContain('a: 0.9, b: 0.8 => -4');
    expect(model.requests[0]!.prompt).toContain('minimize the height');
  });

  it('asks templates × generations for each point once, in shuffled orders with seeds of their own', async () => {
    const model = saying(['## 1 ##']);
    const posterior = await discriminative(model, options).fit(three, context());
    await posterior.marginals(at);
    expect(model.requests.map(({ count }) => count)).toEqual([10, 10, 10, 10]);
    const seeds = model.requests.map(({ seed }) => seed);
    expect(new Set(seeds).size).toBe(4);
    expect(new Set(model.requests.map(({ prompt }) => prompt)).size).toBe(4);
    await posterior.marginals(matrixOf([Float64Array.of(0.6, 0.1), Float64Array.of(0.6, 0.1)]));
    expect(model.requests).toHaveLength(4);
    expect(posterior.why).toEqual({
      ...{ surrogate: 'discriminative', unreadable: 0, calls: 4 },
      tokens: { prompt: 400, completion: 200 },
    });
    // The same point in another company: the same prompts and seeds.
    const again = saying(['## 1 ##']);
    await (await discriminative(again, options).fit(three, context())).marginals(
      matrixOf([Float64Array.of(0.6, 0.1)]),
    );
    expect(again.requests.map(({ seed }) => seed)).toEqual(seeds.slice(2));
  });

  it('counts what is no number, and believes the data where there is none', async () => {
    const prior = { mean: 7 / 3, variance: 14 / 9 };
    const model = saying(['## 1 ##', 'high', '85%', 'NaN', '## 3 ##']);
    const posterior = await discriminative(model, { ...options, templates: 1 }).fit(three, context());
    const { mean } = await posterior.marginals(at);
    expect(mean[0]).toBe(2);
    expect(posterior.why).toMatchObject({ unreadable: 12 });
    const silent = await discriminative(saying(['I cannot tell']), options).fit(three, context());
    const belief = await silent.marginals(at);
    expect(belief.mean[0]).toBeCloseTo(prior.mean, 12);
    expect(belief.variance[0]).toBeCloseTo(prior.variance, 12);
    // One number of twenty tells no standard deviation.
    const lone = saying(['9', ...Array.from({ length: 9 }, () => '?')]);
    const alone = await discriminative(lone, { ...options, templates: 1 }).fit(three, context());
    const found = await alone.marginals(at);
    expect(found.mean[0]).toBe(9);
    expect(found.variance[0]).toBeCloseTo(prior.variance, 12);
  });

  it('shows a bootstrap sample of its own in each template', async () => {
    const model = saying(['## 1 ##']);
    const surrogate = discriminative(model, { ...options, bootstrap: true, templates: 8 });
    await (await surrogate.fit(three, context())).marginals(at);
    const shown = model.requests
      .slice(0, 8)
      .map(({ prompt }) => prompt.split('\n').filter((line) => / => \d/.test(line)));
    for (const lines of shown) expect(lines).toHaveLength(3);
    expect(shown.some((lines) => new Set(lines).size < 3)).toBe(true);
  });

  it('shuffles the parameters alike in the task, the examples and the question', async () => {
    const model = saying(['## 1 ##']);
    const surrogate = discriminative(model, { ...options, shuffleFeatures: true, templates: 8 });
    await (await surrogate.fit(three, context())).marginals(at);
    const orders = model.requests.slice(0, 8).map(({ prompt }) => {
      const isTurned = prompt.includes('b: 0.4, a: 0.3 =>');
      expect(prompt.includes('b: 0.8, a: 0.9 => 4')).toBe(isTurned);
      expect(prompt.indexOf('- b:') < prompt.indexOf('- a:')).toBe(isTurned);
      return isTurned;
    });
    expect(new Set(orders).size).toBe(2);
  });

  it('recalibrates means by what the model says of each observation without that one', async () => {
    // It doubles and adds one: monotone, so the curve undoes it at the observations.
    const truth = ({ a, b }: { readonly a: number; readonly b: number }) => a + b;
    const model = answeringModel(square, ({ params, request }) =>
      repeated([`## ${2 * truth(params) + 1} ##`], request.count),
    );
    const x = three.x;
    const y = Float64Array.of(0.3, 1, 1.7);
    const posterior = await discriminative(model, { ...options, recalibration: true }).fit(
      { x, y },
      context(),
    );
    expect(model.requests).toHaveLength(6);
    for (const { prompt } of model.requests)
      expect(prompt.split('\n').filter((line) => / => \d/.test(line))).toHaveLength(2);
    const { mean } = await posterior.marginals(x);
    mean.forEach((m, i) => {
      expect(m).toBeCloseTo(y[i]!, 5);
    });
    expect(posterior.why).toMatchObject({ recalibrated: true, calls: 12 });
  });

  it('shows the best half and others where there are more observations than examples', async () => {
    const model = saying(['## 1 ##']);
    const n = 50;
    const data = { x: matrix(n, 2), y: new Float64Array(n) };
    for (let i = 0; i < n; i++) {
      data.x.data[2 * i] = i / n;
      data.y[i] = i;
    }
    await (await discriminative(model, { ...options, examples: 10 }).fit(data, context())).marginals(at);
    const values = model.requests[0]!.prompt.split('\n')
      .flatMap((line) => /=> (\d+)$/.exec(line)?.[1] ?? [])
      .map(Number);
    expect(values).toHaveLength(10);
    expect(values).toEqual(expect.arrayContaining([45, 46, 47, 48, 49]));
    expect(values.some((v) => v < 45)).toBe(true);
  });

  it.each([1e-30, 1e30, -1e30, 1e300])('keeps the scale of objectives times %d', async (scale) => {
    const y = three.y.map((v) => v * scale);
    const { mean, variance } = await (
      await discriminative(readingModel(), options).fit({ x: three.x, y }, context())
    ).marginals(three.x);
    // At an observation the nearest example weighs almost all.
    mean.forEach((m, i) => {
      expect(m / scale).toBeCloseTo(three.y[i]!, 1);
    });
    expect(variance.every((v) => v >= 0 && Number.isFinite(v))).toBe(true);
  });

  it('believes the data where the model fails, and never spends beyond the budget', async () => {
    const down = recordedModel(() => {
      throw new LanguageModelError('server', 'down', { model: 'recorded' });
    });
    const posterior = await discriminative(down, options).fit(three, context());
    expect((await posterior.marginals(at)).mean[0]).toBeCloseTo(7 / 3, 12);
    expect(posterior.why).toMatchObject({ failure: expect.stringContaining('down') as string, calls: 0 });

    const plain = saying(['## 3 ##']);
    const fitted = async (account: ReturnType<typeof ledger>) => {
      const model = limitedModel(plain, { ledger: account });
      const made = await discriminative(model, options).fit(three, context());
      const { mean } = await made.marginals(at);
      return { mean: [...mean], failure: made.why?.['failure'] };
    };
    await fitted(ledger());
    const worst = plain.requests.slice(0, 3).reduce((sum, request) => {
      const { promptTokens, completionTokens } = tokenBound(request);
      return sum + promptTokens + completionTokens;
    }, 0);
    // Three of four calls fit: the second point has one template.
    const enough = ledger({ maxTokens: worst });
    expect(await fitted(enough)).toEqual({
      mean: [3, 3],
      failure: expect.stringContaining('budget') as string,
    });
    expect(enough.state().requests).toBe(3);
    const short = ledger({ maxTokens: worst - 1 });
    await fitted(short);
    expect(short.state().requests).toBe(2);
    const none = ledger({ maxTokens: 1 });
    expect((await fitted(none)).mean[0]).toBeCloseTo(7 / 3, 12);
    expect(none.state()).toMatchObject({ requests: 0, promptTokens: 0, completionTokens: 0 });
  });

  it('stops where it is told to, and makes no further call', async () => {
    const stop = new AbortController();
    let calls = 0;
    const model = recordedModel(() => {
      calls++;
      stop.abort(new Error('enough'));
      return '## 1 ##';
    });
    const slow = {
      ...model,
      async complete(request: Parameters<typeof model.complete>[0]) {
        const made = await model.complete(request);
        request.signal?.throwIfAborted();
        return made;
      },
    };
    const posterior = await discriminative(slow, options).fit(three, { rng: seeded(1), signal: stop.signal });
    await expect(posterior.marginals(at)).rejects.toThrow('enough');
    const before = calls;
    await expect(posterior.marginals(at)).rejects.toThrow('enough');
    expect(calls).toBe(before);
  });

  it('lets an acquisition search among candidates', async () => {
    const model = readingModel();
    const sampler = bayesian({
      surrogate: discriminative(model, { ...options, generations: 1 }),
      acquisition: logExpectedImprovement({ incumbent: 'observed' }),
      optimizer: candidateSearch({ count: 6 }),
      initialTrials: 3,
    });
    const study = await createStudy({
      space: square,
      sampler,
      storage: memoryStorage(),
      direction: 'maximize',
      seed: 1,
    });
    for (let k = 0; k < 5; k++) {
      const { params } = await study.ask();
      await study.tell(k, { state: 'complete', value: params.a - params.b });
    }
    // Two asks of six candidates with two templates, and one belief at the point that is chosen, which is known.
    expect(model.requests).toHaveLength(24);
  });

  it.each([
    { templates: 0 },
    { generations: 1.5 },
    { examples: 0 },
    { maxTokens: -1 },
    { temperature: 3 },
    { context: 'all' as 'full' },
    { warping: 'square' as 'log' },
  ])('refuses %j', (over) => {
    expect(() => discriminative(readingModel(), { ...options, ...over })).toThrow(InvalidArgumentError);
  });
});

it('shows the user’s own parameters, through the space', async () => {
  const space = searchSpace({ lr: logUniform(1e-5, 1e-1), kind: categorical('x', 'y') });
  const model = answeringModel(space, ({ request }) => repeated(['1'], request.count));
  const named = taskCard(
    { model: 'm', task: 't', metric: 'loss', direction: 'minimize', hyperparameters: { lr: {}, kind: {} } },
    { space, direction: 'minimize' },
  );
  const data = { x: matrixOf([space.encode({ lr: 1e-3, kind: 'y' })]), y: Float64Array.of(-0.25) };
  for (const [warping, text] of [
    ['none', 'lr: 0.001, kind: y => 0.25'],
    ['log', 'lr: -3, kind: y => 0.25'],
    ['normalized', 'lr: 0.5, kind: y => 0.25'],
  ] as const) {
    const posterior = await discriminative(model, { space, card: named, warping }).fit(data, context());
    await posterior.marginals(data.x);
    expect(model.requests.at(-1)!.prompt).toContain(text);
  }
});
