import { InvalidArgumentError, type LanguageModel, StorageError, seeded } from '@foothold/core';
import { fakeModelServer } from '@foothold/testing/fake-model-server';
import { virtualClock } from '@foothold/testing/virtual-clock';
import { describe, expect, it } from 'vitest';
import { languageModel } from '../access/language-model.ts';
import { recordedModel } from '../access/recorded-model.ts';
import { BudgetExceededError, LanguageModelError, type LanguageModelFailure } from '../errors.ts';
import { tokenBound } from '../token-bound.ts';
import type { Budget } from './budget.ts';
import { budgetedModel } from './budgeted-model.ts';
import { cachedModel } from './cached-model.ts';
import { memoryCache } from './completion-cache.ts';
import { countedModel } from './counted-model.ts';
import { ledger } from './ledger.ts';
import { limitedModel } from './limited-model.ts';
import { retriedModel } from './retried-model.ts';
import { timeLimitedModel } from './time-limited-model.ts';

const request = { prompt: 'say hello', maxTokens: 20 };
const failing = (failure: LanguageModelFailure, facts = {}) =>
  new LanguageModelError(failure, 'as the test says', { model: 'recorded', ...facts });

/** A model that fails with these errors in turn, and then says hello. */
function failingModel(errors: readonly Error[]): { model: LanguageModel; calls: () => number } {
  let calls = 0;
  const model = recordedModel((_, call) => {
    calls++;
    if (call < errors.length) throw errors[call]!;
    return 'hello';
  });
  return { model, calls: () => calls };
}

describe('retriedModel', () => {
  it('waits as long as the provider asks', async () => {
    const clock = virtualClock();
    const { model, calls } = failingModel([failing('rate-limited', { retryAfter: 7000 })]);
    const made = await clock.run(Promise.resolve(retriedModel(model, { clock }).complete(request)));
    expect([made.texts, calls(), clock.now()]).toEqual([['hello'], 2, 7000]);
  });

  it('waits twice as long each time, at least half of it, and gives up after its retries', async () => {
    const clock = virtualClock();
    const { model, calls } = failingModel(Array.from({ length: 9 }, () => failing('server')));
    const retried = retriedModel(model, { clock, retries: 3, delay: 100 });
    await expect(clock.run(Promise.resolve(retried.complete(request)))).rejects.toMatchObject({
      failure: 'server',
    });
    expect(calls()).toBe(4);
    expect(clock.now()).toBeGreaterThanOrEqual((100 + 200 + 400) / 2);
    expect(clock.now()).toBeLessThan(100 + 200 + 400);
  });

  it.each(['unauthorized', 'unknown-model', 'refused', 'reply-too-long', 'missing-key'] as const)(
    'does not repeat what would fail again: %s',
    async (failure) => {
      const { model, calls } = failingModel([failing(failure)]);
      await expect(retriedModel(model).complete(request)).rejects.toMatchObject({ failure });
      expect(calls()).toBe(1);
    },
  );

  it('does not wait longer than it may, nor after the signal', async () => {
    const clock = virtualClock();
    const long = failingModel([failing('rate-limited', { retryAfter: 1e9 })]);
    await expect(retriedModel(long.model, { clock }).complete(request)).rejects.toMatchObject({
      retryAfter: 1e9,
    });
    expect(clock.now()).toBe(0);
    const stop = new AbortController();
    const { model, calls } = failingModel([failing('server')]);
    const call = Promise.resolve(
      retriedModel(model, { clock }).complete({ ...request, signal: stop.signal }),
    );
    call.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect(calls()).toBe(1);
  });
});

describe('timeLimitedModel', () => {
  it('ends a call that takes too long, even where the model does not heed the signal', async () => {
    const clock = virtualClock();
    const silent = recordedModel(() => new Promise<string>(() => undefined));
    const model = timeLimitedModel(silent, { limit: 500, clock });
    await expect(clock.run(Promise.resolve(model.complete(request)))).rejects.toMatchObject({
      ...{ failure: 'time-limit', retry: true, isPaid: true },
    });
    expect(clock.now()).toBe(500);
  });

  it('leaves no timer behind', async () => {
    const clock = virtualClock();
    await timeLimitedModel(recordedModel(['hello']), { limit: 500, clock }).complete(request);
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow('nothing wakes up');
  });
});

describe('budgetedModel', () => {
  const worst = tokenBound(request);
  const worstTokens = worst.promptTokens + worst.completionTokens;

  it('makes no call that does not fit in its worst case', async () => {
    const { model, calls } = failingModel([]);
    const budgeted = budgetedModel(model, ledger({ maxTokens: worstTokens - 1 }));
    await expect(budgeted.complete(request)).rejects.toMatchObject({ unit: 'tokens', needed: worstTokens });
    expect(calls()).toBe(0);
  });

  it.each([
    ['rate-limited', 0],
    ['unreachable', 0],
    ['time-limit', worstTokens],
    ['server', worstTokens],
    ['invalid-reply', worstTokens],
  ] as const)('counts a call that failed with %s as %i tokens', async (failure, tokens) => {
    const account = ledger();
    const { model } = failingModel([failing(failure)]);
    await expect(budgetedModel(model, account).complete(request)).rejects.toMatchObject({ failure });
    const { promptTokens, completionTokens, reserved } = account.state();
    expect(promptTokens + completionTokens).toBe(tokens);
    expect(reserved).toEqual({ promptTokens: 0, completionTokens: 0 });
  });

  /** An account that can be written for reservations alone. */
  const unwritten = (error: Error): Budget => {
    const end = () => Promise.reject(error);
    return { reserve: () => ({ settle: end, release: end }) };
  };

  it.each(['rate-limited', 'server'] as const)(
    'says what a call failed with, %s, also where its end cannot be written',
    async (failure) => {
      const { model } = failingModel([failing(failure)]);
      const ended = budgetedModel(model, unwritten(new StorageError('the disk is full'))).complete(request);
      await expect(ended).rejects.toBeInstanceOf(StorageError);
      await expect(ended).rejects.toMatchObject({
        message: expect.stringMatching(/the disk is full; .*failed/),
        cause: { failure },
      });
    },
  );

  it('gives an answer, which is paid, also where its end cannot be written', async () => {
    const model = recordedModel(['hello']);
    const full = unwritten(new StorageError('the disk is full'));
    expect((await budgetedModel(model, full).complete(request)).texts).toEqual(['hello']);
    const broken = budgetedModel(recordedModel(['hello']), unwritten(new RangeError('a bug')));
    await expect(broken.complete(request)).rejects.toBeInstanceOf(RangeError);
  });

  it('has the worst case of an answer whose end was not written in the account', async () => {
    const account = ledger();
    const losing: Budget = {
      reserve(worst) {
        account.reserve(worst);
        return unwritten(new StorageError('the disk is full')).reserve(worst);
      },
    };
    await budgetedModel(recordedModel(['hello']), losing).complete(request);
    expect(account.state().reserved).toEqual({
      promptTokens: worst.promptTokens,
      completionTokens: worst.completionTokens,
    });
  });
});

describe('countedModel', () => {
  it('asks again, all at once, where a provider gives one completion whatever is asked', async () => {
    const seeds: (number | undefined)[] = [];
    const one = recordedModel(({ seed }, call) => {
      seeds.push(seed);
      return [`${call}`];
    });
    const { texts, usage } = await countedModel(one).complete({ ...request, count: 5, seed: 3 });
    expect(texts).toEqual(['0', '1', '2', '3', '4']);
    expect(usage.promptTokens).toBe(5 * 3);
    expect(new Set(seeds).size).toBe(5);
    expect(seeds[0]).toBe(3);
  });

  it('gives what it has where a further call fails, and fails where the first does', async () => {
    const model = recordedModel((_, call) => {
      if (call > 1) throw failing('server');
      return ['hello'];
    });
    expect((await countedModel(model).complete({ ...request, count: 4 })).texts).toEqual(['hello', 'hello']);
    await expect(
      countedModel(failingModel([failing('server')]).model).complete(request),
    ).rejects.toMatchObject({
      failure: 'server',
    });
  });

  it('does not ask for ever a model that gives nothing, and gives no more than was asked for', async () => {
    await expect(countedModel(recordedModel(() => [])).complete(request)).rejects.toMatchObject({
      failure: 'invalid-reply',
    });
    const many = recordedModel([{ texts: ['a', 'b', 'c'], usage: { promptTokens: 1, completionTokens: 3 } }]);
    expect((await countedModel(many).complete({ ...request, count: 2 })).texts).toEqual(['a', 'b']);
  });
});

describe('cachedModel', () => {
  it('calls once for the same request, also while the call runs, and counts it once', async () => {
    const { model, calls } = failingModel([]);
    const cached = cachedModel(model);
    const [first, second] = await Promise.all([cached.complete(request), cached.complete(request)]);
    const third = await cached.complete({ ...request });
    expect(calls()).toBe(1);
    expect([second.texts, third.texts]).toEqual([first.texts, first.texts]);
    expect([second.usage, third.usage]).toEqual(Array(2).fill({ promptTokens: 0, completionTokens: 0 }));
    expect(first.usage.promptTokens).toBeGreaterThan(0);
  });

  it.each([
    ['prompt', { prompt: 'say bye' }],
    ['system', { system: 'be short' }],
    ['maxTokens', { maxTokens: 21 }],
    ['temperature', { temperature: 0 }],
    ['count', { count: 2 }],
    ['seed', { seed: 1 }],
    ['logProbabilities', { logProbabilities: 5 }],
  ])('calls again for another %s', async (_, over) => {
    const { model, calls } = failingModel([]);
    const cached = cachedModel(model);
    await cached.complete(request);
    await cached.complete({ ...request, ...over });
    expect(calls()).toBe(2);
  });

  it('keeps no failure, and nothing that is less than was asked for', async () => {
    const { model, calls } = failingModel([failing('server')]);
    const cached = cachedModel(model);
    await expect(cached.complete(request)).rejects.toMatchObject({ failure: 'server' });
    expect((await cached.complete(request)).texts).toEqual(['hello']);
    expect(calls()).toBe(2);
    const cache = memoryCache();
    const few = cachedModel(
      recordedModel(() => ['hello']),
      cache,
    );
    await few.complete({ ...request, count: 2 });
    expect((await few.complete({ ...request, count: 2 })).usage.promptTokens).toBeGreaterThan(0);
  });

  it('stops a call when all who wait for it have stopped, and not before', async () => {
    let inner: AbortSignal | undefined;
    const model = recordedModel(({ signal }) => {
      inner = signal;
      return new Promise<string>((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        setImmediate(() => setImmediate(() => resolve('hello')));
      });
    });
    const cached = cachedModel(model);
    const [a, b] = [new AbortController(), new AbortController()];
    const first = Promise.resolve(cached.complete({ ...request, signal: a.signal }));
    const second = Promise.resolve(cached.complete({ ...request, signal: b.signal }));
    first.catch(() => undefined);
    await Promise.resolve();
    a.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    expect((await second).texts).toEqual(['hello']);
    expect(inner!.aborted).toBe(false);
    const alone = Promise.resolve(cached.complete({ ...request, seed: 1, signal: b.signal }));
    alone.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    b.abort(new Error('enough too'));
    await expect(alone).rejects.toThrow('enough too');
    expect(inner!.aborted).toBe(true);
  });
});

describe('limitedModel', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    'keeps every limit with a hundred calls at once and a provider that fails, lies and is slow (seed %i)',
    async (seed) => {
      const clock = virtualClock();
      const rng = seeded(`limited ${seed}`);
      const maxTokens = 2000 + Math.floor(20_000 * rng.next());
      const account = ledger({ maxTokens, maxCost: 0.02, prices: { input: 1, output: 2 } });
      const starts: number[] = [];
      let billed = 0;
      const provider = recordedModel(async ({ prompt }) => {
        starts.push(clock.now());
        const draw = rng.next();
        if (draw < 0.15) throw failing('rate-limited', { retryAfter: 200 });
        await clock.sleep(3000 * rng.next());
        if (draw < 0.25) throw failing('server');
        if (draw < 0.3) return new Promise<string>(() => undefined);
        const completionTokens = draw < 0.35 ? 1_000_000 : Math.floor(20 * rng.next());
        if (draw >= 0.35) billed += 3 + completionTokens;
        return { texts: [`${prompt} is fine`], usage: { promptTokens: 3, completionTokens } };
      });
      const model = limitedModel(provider, {
        ...{ ledger: account, clock, timeLimit: 2500 },
        rateLimit: { requests: 20, tokens: 3000, window: 1000, concurrency: 10 },
        retry: { retries: 2, delay: 50 },
      });
      const call = async (i: number) => {
        try {
          return (await model.complete({ ...request, prompt: `question ${i % 80}` })).texts[0];
        } catch (error) {
          expect(error instanceof LanguageModelError || error instanceof BudgetExceededError).toBe(true);
          return undefined;
        }
      };
      const answers = await clock.run(Promise.all(Array.from({ length: 100 }, (_, i) => call(i))));
      answers.forEach((answer, i) => {
        if (answer !== undefined) expect(answer).toBe(`question ${i % 80} is fine`);
      });
      for (const at of starts)
        expect(starts.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(20);
      const { promptTokens, completionTokens, cost, reserved } = account.state();
      expect(promptTokens + completionTokens).toBeLessThanOrEqual(maxTokens);
      expect(promptTokens + completionTokens).toBeGreaterThanOrEqual(billed);
      expect(cost).toBeLessThanOrEqual(0.02);
      expect(reserved).toEqual({ promptTokens: 0, completionTokens: 0 });
    },
  );

  it('goes through a real server that is busy, fails, and then answers', async () => {
    const replies = [
      { status: 429, headers: { 'retry-after-ms': '5' } },
      { status: 500 },
      { raw: 'nonsense' },
      { texts: ['hello '.repeat(50)], cutAfter: 100 },
      'hello',
    ] as const;
    const server = await fakeModelServer(({ number }) => replies[Math.min(number, replies.length - 1)]!);
    try {
      const account = ledger({ maxTokens: 10_000 });
      const plain = languageModel({ baseURL: server.baseURL, model: 'fake', key: 'none' });
      const model = limitedModel(plain, { ledger: account, retry: { delay: 1 } });
      expect((await model.complete({ ...request, count: 2 })).texts).toEqual(['hello', 'hello']);
      expect(server.requests).toHaveLength(5);
      // The nonsense and the answer that was cut off may have cost their worst case.
      const { promptTokens, completionTokens } = account.state();
      expect([promptTokens, completionTokens]).toEqual([2 * (9 + 64) + 3, 2 * 40 + 4]);
    } finally {
      await server.close();
    }
  });

  it.each([
    [{ timeLimit: 0 }, 'timeLimit'],
    [{ rateLimit: { requests: 0 } }, 'requests'],
    [{ retry: { retries: -1 } }, 'retries'],
  ])('refuses %j and names %s', (options, name) => {
    const make = () => limitedModel(recordedModel(['hello']), options);
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(name);
  });
});
