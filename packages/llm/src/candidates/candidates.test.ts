import {
  type CompletionRequest,
  InvalidArgumentError,
  type LanguageModel,
  seeded,
  type Trial,
} from '@foothold/core';
import { integer, logUniform, searchSpace, uniform } from '@foothold/space';
import {
  type FakeModelReply,
  type FakeModelServer,
  fakeModelServer,
} from '@foothold/testing/fake-model-server';
import { afterEach, describe, expect, it } from 'vitest';
import { languageModel } from '../access/language-model.ts';
import { type Reply, recordedModel } from '../access/recorded-model.ts';
import { taskCard } from '../card/task-card.ts';
import { ledger } from '../limits/ledger.ts';
import { limitedModel } from '../limits/limited-model.ts';
import { tokenBound } from '../token-bound.ts';
import type { CandidatesRequest } from './candidate-options.ts';
import { candidates } from './candidates.ts';
import { targetScore } from './target-score.ts';

const space = searchSpace({ x: uniform(0, 10), n: integer(0, 99) });
const cardOf = (direction: 'minimize' | 'maximize') =>
  taskCard(
    { model: 'a test', task: 'a function', metric: 'height', direction, hyperparameters: { x: {}, n: {} } },
    { space, direction },
  );
type P = { readonly x: number; readonly n: number };
const trial = (number: number, value: number): Trial<P> => ({
  ...{ number, params: { x: number, n: number }, reports: [] },
  ...{ state: 'complete', value },
});
const trials = [1, 2, 4].map((value, i) => trial(i, value));
const requestOf = (over: Partial<CandidatesRequest<P>> = {}): CandidatesRequest<P> => ({
  ...{ card: cardOf('maximize'), direction: 'maximize', space, trials, rng: seeded(1), count: 4 },
  ...over,
});
const line = (n: number) => `## x: ${n / 10}, n: ${n} ##`;

function asked(reply: (request: CompletionRequest, call: number) => Reply) {
  const requests: CompletionRequest[] = [];
  const model = recordedModel((request, call) => {
    requests.push(request);
    return reply(request, call);
  });
  return { model, requests };
}
/** New configurations in every text. */
function counting() {
  let n = 10;
  return asked(({ count = 1 }) => Array.from({ length: count }, () => line(n++)));
}
const targetIn = ({ prompt }: CompletionRequest) => /whose height is (\S+)\. It/.exec(prompt)?.[1];

describe('targetScore', () => {
  it.each([
    ['maximize', 0.1, 4.3],
    ['minimize', 0.1, 0.7],
    ['maximize', -0.2, 3.4],
    ['minimize', 0, 1],
  ] as const)('%s with α = %d is %d', (direction, alpha, target) => {
    expect(targetScore([1, 2, 4], { direction, alpha })).toBeCloseTo(target, 14);
  });

  it.each([1e-300, 1e-30, 1e30, 1e300])('moves with the scale %d and the place of the values', (scale) => {
    for (const shift of [0, -9, 5]) {
      const values = [1, 2, 4].map((v) => (v + shift) * scale);
      expect(targetScore(values, { direction: 'maximize', alpha: 0.1 })! / scale).toBeCloseTo(
        4.3 + shift,
        12,
      );
      expect(targetScore(values, { direction: 'minimize', alpha: 0.1 })! / scale).toBeCloseTo(
        0.7 + shift,
        12,
      );
    }
  });

  it('differs from the best of equal values, of one, of zeros, in the good direction', () => {
    expect(targetScore([5], { direction: 'maximize', alpha: 0.1 })).toBe(5.5);
    expect(targetScore([-5, -5], { direction: 'maximize', alpha: 0.1 })).toBe(-4.5);
    expect(targetScore([-5], { direction: 'minimize', alpha: 0.1 })).toBe(-5.5);
    expect(targetScore([0, 0], { direction: 'minimize', alpha: 0.1 })).toBe(-0.1);
  });

  it('is finite at the ends of float64 and nothing without a finite value', () => {
    const ends = [-Number.MAX_VALUE, Number.MAX_VALUE];
    expect(targetScore(ends, { direction: 'maximize', alpha: 0.9 })).toBe(Number.MAX_VALUE);
    expect(targetScore([Number.NaN, Infinity], { direction: 'maximize', alpha: 0.1 })).toBeUndefined();
  });
});

describe('candidates', () => {
  it('asks each template for its share and for the target, and gives what can be used', async () => {
    const { model, requests } = counting();
    const made = await candidates(model, requestOf({ count: 5 }));
    expect(made.configurations.map(({ n }) => n)).toEqual([10, 11, 12, 13, 14]);
    expect(made).toMatchObject({ target: 4.3, calls: 2, dropped: { total: 0 } });
    expect(made.failure).toBeUndefined();
    expect(requests.map(({ count }) => count)).toEqual([2, 3]);
    expect(requests.map(targetIn)).toEqual(['4.3', '4.3']);
    expect(requests[0]!.prompt).toContain('x: 2, n: 2 => 4\n');
    expect(new Set(requests.map(({ seed }) => seed)).size).toBe(2);
  });

  it('draws a target of its own for each template, between the best value and the target', async () => {
    const { model, requests } = counting();
    await candidates(model, requestOf({ count: 8, templates: 8, jitter: true }));
    const targets = requests.map((request) => Number(targetIn(request)));
    expect(new Set(targets).size).toBe(8);
    expect(Math.min(...targets)).toBeGreaterThanOrEqual(4);
    expect(Math.max(...targets)).toBeLessThanOrEqual(4.3);
  });

  it('drops and counts what is invalid, out of range or there already, and asks once more with the reasons', async () => {
    const { model, requests } = asked((_, call) =>
      call === 0
        ? ['## x: 2, n: 2 ##', '## x: 99, n: 3 ##']
        : call === 1
          ? [line(20), '## x: many, n: 4 ##']
          : [[line(21), line(20), '## x: 1e0, n: 50 ##', line(22), line(23)].join('\n')],
    );
    const made = await candidates(model, requestOf());
    expect(made.configurations).toEqual([
      { x: 2, n: 20 },
      { x: 2.1, n: 21 },
      { x: 1, n: 50 },
      { x: 2.2, n: 22 },
    ]);
    expect(made.dropped.counts).toEqual({ duplicate: 2, 'out-of-range': 1, unreadable: 1, surplus: 1 });
    expect(requests).toHaveLength(3);
    expect(requests[2]!.prompt).toContain('x is 99, outside');
    expect(requests[2]!.prompt).toContain('- x: 2, n: 20');
    expect(requests[2]!.prompt).toContain('Propose 3 other configurations');
    expect(made.usage.promptTokens).toBe(
      requests.reduce((sum, { prompt }) => sum + Math.ceil(prompt.length / 4), 0),
    );
  });

  it('asks no third time', async () => {
    const { model, requests } = asked(() => 'no idea');
    const made = await candidates(model, requestOf());
    expect(made).toMatchObject({ configurations: [], calls: 3 });
    expect(requests).toHaveLength(3);
  });

  it.each([1e-30, -1e-30, 1, -1, 1e30, -1e30])(
    'shows objectives times %d such that they can be distinguished',
    async (scale) => {
      const { model, requests } = counting();
      const made = await candidates(
        model,
        requestOf({ trials: [1, 2, 4].map((v, i) => trial(i, v * scale)) }),
      );
      const values = requests[0]!.prompt.split('\n').flatMap((text) => / => (.+)$/.exec(text)?.[1] ?? []);
      expect(new Set(values.map((text) => Number((Number(text) / scale).toPrecision(6))))).toEqual(
        new Set([1, 2, 4]),
      );
      expect(Number(targetIn(requests[0]!)) / scale).toBeCloseTo(scale > 0 ? 4.3 : 0.7, 5);
      expect(made.configurations).toHaveLength(4);
    },
  );

  it('does not measure the range with a penalty, shows failures as such, and repeats no running trial', async () => {
    const { model, requests } = asked(({ count = 1 }) =>
      Array.from({ length: count }, () => '## x: 6, n: 6 ##'),
    );
    const more: Trial<P>[] = [
      ...trials,
      { number: 5, params: { x: 5, n: 5 }, reports: [], state: 'failed', reason: 'out of memory' },
      { number: 6, params: { x: 6, n: 6 }, reports: [], state: 'running' },
      trial(7, Number.NaN),
      { ...trial(8, -1e30), params: { x: 9, n: 90 } },
    ];
    const made = await candidates(model, requestOf({ trials: more }));
    expect(made.target).toBeCloseTo(4.3, 12);
    expect(made.dropped.counts).toEqual({ duplicate: 5 });
    for (const text of [
      'x: 5, n: 5 => failed',
      'x: 6, n: 6 => running',
      'x: 7, n: 7 => no number',
      'x: 9, n: 90 => -1e+30',
    ])
      expect(requests[0]!.prompt).toContain(text);
  });

  it.each([[[]], [[trial(0, Number.NaN)]]])(
    'asks for first configurations where no trial has a value',
    async (known) => {
      const { model, requests } = asked(() => [10, 11, 12, 13].map(line).join('\n'));
      const made = await candidates(model, requestOf({ trials: known }));
      expect(made.target).toBeUndefined();
      expect(made.configurations).toHaveLength(4);
      expect(requests).toHaveLength(1);
      expect(requests[0]!.prompt).toContain('Propose 4 configurations to begin with');
    },
  );

  it('reads answers in the form that the prompt has', async () => {
    const logged = searchSpace({ lr: logUniform(1e-6, 1), n: integer(0, 10) });
    const known: Trial<{ readonly lr: number; readonly n: number }>[] = [
      { number: 0, params: { lr: 1e-2, n: 5 }, reports: [], state: 'complete', value: -3 },
    ];
    const card = taskCard(
      { model: 'm', task: 't', metric: 'loss', direction: 'minimize', hyperparameters: { lr: {}, n: {} } },
      { space: logged, direction: 'minimize' },
    );
    const common = {
      card,
      space: logged,
      direction: 'minimize',
      trials: known,
      rng: seeded(1),
      count: 1,
    } as const;
    const log = asked(() => '## lr: -3.5e0, n: 7 ##');
    const made = await candidates(log.model, { ...common, warping: 'log' });
    expect(made.configurations).toEqual([{ lr: expect.closeTo(10 ** -3.5, 12) as number, n: 7 }]);
    expect(log.requests[0]!.prompt).toContain('lr: -2, n: 5 => -3');
    expect(log.requests[0]!.prompt).toContain('- lr: a number from -6 to 0');
    const share = asked(() => '## lr: 0.5, n: 0.7 ##');
    const shares = await candidates(share.model, { ...common, warping: 'normalized' });
    expect(shares.configurations).toEqual([{ lr: expect.closeTo(1e-3, 12) as number, n: 7 }]);
    // In the user's form it would be inside of the range.
    const user = asked(() => '## lr: 0.5, n: 7 ##');
    expect((await candidates(user.model, { ...common, warping: 'log' })).dropped.counts).toEqual({
      'out-of-range': 2,
    });
  });

  it('keeps the values that are given, and says them', async () => {
    const { model, requests } = counting();
    const fixed = { x: 1.23456789 };
    const made = await candidates(model, requestOf({ fixed }));
    expect(made.configurations.map(({ x }) => x)).toEqual([1.23456789, 1.23456789, 1.23456789, 1.23456789]);
    expect(requests[0]!.prompt).toContain('Keep these values: x: 1.23457');
  });

  it('gives the same for the same replies and stream, and does not move the stream', async () => {
    const rng = seeded(3);
    const run = async (stream = rng) => {
      const { model, requests } = counting();
      const made = await candidates(model, requestOf({ rng: stream, jitter: true, shuffleFeatures: true }));
      return { made, requests };
    };
    const first = await run();
    expect(await run()).toEqual(first);
    expect(rng.next()).toBe(seeded(3).next());
    expect((await run(seeded(4))).requests).not.toEqual(first.requests);
  });

  it('spends within a budget to the token', async () => {
    const plain = counting();
    await candidates(plain.model, requestOf());
    const { promptTokens, completionTokens } = tokenBound(plain.requests[0]!);
    const limit = async (maxTokens: number) => {
      const account = ledger({ maxTokens });
      const made = await candidates(limitedModel(counting().model, { ledger: account }), requestOf());
      return { made, requests: account.state().requests };
    };
    const fits = await limit(promptTokens + completionTokens);
    expect(fits.requests).toBe(1);
    expect(fits.made.configurations).toHaveLength(2);
    expect(fits.made.failure).toContain('budget');
    const short = await limit(promptTokens + completionTokens - 1);
    expect(short).toMatchObject({ requests: 0, made: { configurations: [], calls: 0 } });
  });

  it.each([
    { count: 0 },
    { templates: 0 },
    { alpha: Number.NaN },
    { alpha: Infinity },
    { examples: 0 },
    { maxTokens: 0 },
    { temperature: -1 },
    { warping: 'cube' as 'log' },
    { context: 'some' as 'full' },
  ])('refuses %j', async (over) => {
    await expect(candidates(counting().model, requestOf(over))).rejects.toBeInstanceOf(InvalidArgumentError);
  });
});

describe('candidates of a server', () => {
  const open: FakeModelServer[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (server) => server.close()));
  });
  async function served(reply: FakeModelReply): Promise<LanguageModel> {
    const server = await fakeModelServer(() => reply);
    open.push(server);
    const model = languageModel({ baseURL: server.baseURL, model: 'fake', key: 'none' });
    return limitedModel(model, { retry: { retries: 1, delay: 1 } });
  }

  it.each([
    ['an error', { status: 500 }],
    ['too many requests', { status: 429 }],
    ['nonsense', { raw: '<html>' }],
  ] as const)('goes on after %s, and says so', async (_, reply) => {
    const made = await candidates(await served(reply), requestOf());
    expect(made.configurations).toEqual([]);
    expect(made.failure).toContain('language model fake');
  });

  it('reads what it answers', async () => {
    const made = await candidates(await served([10, 11, 12, 13].map(line).join('\n')), requestOf());
    expect(made.configurations).toHaveLength(4);
  });
});
