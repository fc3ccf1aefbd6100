import { logProbabilityOfImprovement } from '@foothold/acquisitions';
import { type Dataset, InvalidArgumentError, type LanguageModel, matrixOf, seeded } from '@foothold/core';
import { normalCdf } from '@foothold/numerics';
import { searchSpace, uniform } from '@foothold/space';
import { describeSurrogate } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { taskCard } from '../card/task-card.ts';
import { LanguageModelError } from '../errors.ts';
import { type AskedConfiguration, answeringModel, repeated } from './answering-model.fixture.ts';
import { generative } from './generative.ts';

const square = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
const card = taskCard(
  {
    model: 'a test',
    task: 'a function',
    metric: 'height',
    direction: 'maximize',
    hyperparameters: { a: {}, b: {} },
  },
  { space: square, direction: 'maximize' },
);
const options = { space: square, card };
type P = { readonly a: number; readonly b: number };

/** A completion '1' or '0' with these probabilities of both. */
const weighed = (p: number) => ({
  texts: [p > 0.5 ? '1' : '0'],
  usage: { promptTokens: 50, completionTokens: 1 },
  logProbabilities: [
    [
      {
        token: p > 0.5 ? '1' : '0',
        logProbability: Math.log(p > 0.5 ? p : 1 - p),
        alternatives: [
          { token: '1', logProbability: Math.log(p) },
          { token: '0', logProbability: Math.log(1 - p) },
        ],
      },
    ],
  ],
});

/** Knows the function of the conformance suite, and says the probability under the standard deviation of all examples. */
const knowing = () =>
  answeringModel(square, ({ params, examples }: AskedConfiguration<P>) => {
    const f = ({ a, b }: P) => Math.sin(4 * a) + b * b;
    const values = examples.map((example) => f(example.params));
    const mean = values.reduce((s, v) => s + v, 0) / values.length;
    const spread = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length) || 1;
    const good = examples.flatMap(({ outcome }, i) => (outcome === '1' ? [values[i]!] : []));
    return weighed(normalCdf((f(params) - Math.min(...good)) / spread));
  });

describeSurrogate('generative', () => generative(knowing(), options));
describeSurrogate('generative with a model that has no answer', () => ({
  // The suite wants a smooth function explained: with what it knows itself where it has 40 points.
  fit: (data, context) =>
    generative(data.y.length === 40 ? knowing() : answeringModel(square, () => ['no']), options).fit(
      data,
      context,
    ),
}));

const eight: Dataset = {
  x: matrixOf(Array.from({ length: 8 }, (_, i) => Float64Array.of(i / 8, 0.5))),
  y: Float64Array.of(1, 8, 2, 7, 3, 6, 4, 5),
};
const at = matrixOf([Float64Array.of(0.3, 0.4)]);
const context = () => ({ rng: seeded(5) });
const believed = async (model: LanguageModel, over: object = {}) => {
  const posterior = await generative(model, { ...options, ...over }).fit(eight, context());
  return { posterior, belief: await posterior.marginals(at) };
};

describe('generative', () => {
  it.each([0.01, 0.3, 0.5, 0.97])('makes %d the probability of reaching the top fraction', async (p) => {
    const model = answeringModel(square, () => weighed(p));
    const { posterior, belief } = await believed(model);
    // The best quarter of eight: 8 and 7.
    expect(normalCdf((belief.mean[0]! - 7) / Math.sqrt(belief.variance[0]!))).toBeCloseTo(p, 10);
    expect(belief.variance[0]).toBeCloseTo(63 / 12, 10);
    const data = { ...eight, y: eight.y.map((v) => Math.min(v, 7)) };
    const utility = await logProbabilityOfImprovement({ incumbent: 'observed' }).prepare({
      posterior,
      data,
      rng: seeded(1),
    });
    expect(Math.exp(utility(belief, at).value[0]!)).toBeCloseTo(p, 8);
    expect(model.requests.map(({ count, logProbabilities }) => [count, logProbabilities])).toEqual([
      [1, 5],
      [1, 5],
    ]);
    expect(model.requests[0]!.prompt).toContain('1 marks the best 2 of 8 by height');
  });

  it('counts samples, with half a sample of each class added', async () => {
    const model = answeringModel(square, ({ request }) =>
      repeated(['1', '## 1 ##', 'The answer is 0', 'maybe', '1'], request.count),
    );
    const { posterior, belief } = await believed(model, {
      probabilities: 'samples',
      generations: 5,
      templates: 1,
    });
    const p = (3 + 0.5) / (4 + 1);
    expect(normalCdf((belief.mean[0]! - 7) / Math.sqrt(belief.variance[0]!))).toBeCloseTo(p, 10);
    expect(posterior.why).toMatchObject({ unreadable: 1, probabilities: 'samples', calls: 1 });
    expect(model.requests[0]!.logProbabilities).toBeUndefined();
  });

  it.each([
    ['gives none', () => ['1']],
    [
      'does not take the request',
      ({ request }: AskedConfiguration<P>) => {
        if (request.logProbabilities === undefined) return repeated(['1'], request.count);
        throw new LanguageModelError('refused', 'unknown parameter', { model: 'm' });
      },
    ],
  ] as const)(
    'counts samples where the provider %s, and asks for log-probabilities no more',
    async (_, answer) => {
      const model = answeringModel(square, (asked) =>
        asked.request.logProbabilities === undefined ? repeated(['1'], asked.request.count) : answer(asked),
      );
      const { posterior, belief } = await believed(model);
      expect(normalCdf((belief.mean[0]! - 7) / Math.sqrt(belief.variance[0]!))).toBeCloseTo(10.5 / 11, 10);
      expect(posterior.why).toMatchObject({ probabilities: 'samples' });
      expect(posterior.why).not.toHaveProperty('failure');
      const before = model.requests.length;
      await posterior.marginals(matrixOf([Float64Array.of(0.9, 0.9)]));
      expect(model.requests.slice(before).every((request) => request.logProbabilities === undefined)).toBe(
        true,
      );
    },
  );

  it('asks for log-probabilities again after a batch in whose tokens is no class, and no more after three', async () => {
    let isClear = false;
    const answer = ({ request }: AskedConfiguration<P>) => {
      if (request.logProbabilities === undefined) return repeated(['1'], request.count);
      const unclear = { texts: ['hm'], logProbabilities: [[{ ...hm, alternatives: [hm] }]] };
      return isClear ? weighed(0.3) : { ...unclear, usage: { promptTokens: 50, completionTokens: 1 } };
    };
    const hm = { token: 'hm', logProbability: -0.1 };
    const model = answeringModel(square, answer);
    const { posterior } = await believed(model);
    const weighings = async (x: number) => {
      const before = model.requests.length;
      const { mean, variance } = await posterior.marginals(matrixOf([Float64Array.of(x, 0.9)]));
      const asked = model.requests.slice(before);
      return {
        asked: asked.filter(({ logProbabilities }) => logProbabilities !== undefined).length,
        p: normalCdf((mean[0]! - 7) / Math.sqrt(variance[0]!)),
      };
    };
    isClear = true;
    const clear = await weighings(0.9);
    expect([clear.asked, posterior.why?.['probabilities']]).toEqual([2, 'log-probabilities']);
    expect(clear.p).toBeCloseTo(0.3, 10);
    isClear = false;
    const asked = [];
    for (const x of [0.1, 0.2, 0.35, 0.45]) asked.push((await weighings(x)).asked);
    expect(asked).toEqual([2, 2, 2, 0]);
    expect(posterior.why).toMatchObject({ probabilities: 'samples' });
  });

  it('has beliefs at no point at all, and asks for log-probabilities after it', async () => {
    const model = answeringModel(square, () => weighed(0.3));
    const { posterior } = await believed(model);
    await posterior.marginals(matrixOf([], 2));
    expect(posterior.why).toMatchObject({ probabilities: 'log-probabilities' });
  });

  it('reads forms of the digits with blanks, at the first token that is one', async () => {
    const token = (text: string, p: number, others: readonly (readonly [string, number])[] = []) => ({
      token: text,
      logProbability: Math.log(p),
      alternatives: others.map(([form, q]) => ({ token: form, logProbability: Math.log(q) })),
    });
    const model = answeringModel(square, () => ({
      texts: ['## 1'],
      usage: { promptTokens: 1, completionTokens: 2 },
      logProbabilities: [
        [
          token('##', 1),
          token(' 1', 0.4, [
            [' 1', 0.4],
            ['1', 0.2],
            ['0', 0.1],
            [' 0', 0.1],
            ['x', 0.2],
          ]),
        ],
      ],
    }));
    const { belief } = await believed(model);
    expect(normalCdf((belief.mean[0]! - 7) / Math.sqrt(belief.variance[0]!))).toBeCloseTo(0.75, 10);
  });

  it('has finite beliefs where the model is certain, prefers what is more probable, and asks nothing of equal values', async () => {
    const mean = async (p: number) =>
      (await believed(answeringModel(square, () => weighed(p)))).belief.mean[0]!;
    const means = await Promise.all([0, 1e-9, 0.2, 0.6, 1 - 1e-9, 1].map(mean));
    expect(means.every(Number.isFinite)).toBe(true);
    expect([...means].sort((a, b) => a - b)).toEqual(means);
    const model = answeringModel(square, () => weighed(0.9));
    const flat = await generative(model, options).fit({ ...eight, y: eight.y.map(() => -3) }, context());
    expect((await flat.marginals(at)).mean[0]).toBe(-3);
    expect(model.requests).toHaveLength(0);
  });

  it.each([
    { topFraction: 0 },
    { topFraction: 1 },
    { probabilities: 'guess' as 'samples' },
    { templates: 0 },
  ])('refuses %j', (over) => {
    expect(() => generative(knowing(), { ...options, ...over })).toThrow(InvalidArgumentError);
  });
});
