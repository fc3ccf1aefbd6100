import {
  InvalidArgumentError,
  type Outcome,
  SpaceExhaustedError,
  StorageError,
  type Study,
} from '@foothold/core';
import { integer, searchSpace } from '@foothold/space';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createStudy, memoryStorage, noImprovement, optimize, TrialPruned } from '../index.ts';
import { objective, type P, sampler, space } from '../study.fixture.ts';

const open = (more: object = {}) => createStudy({ space, sampler, direction: 'minimize', ...more });
const states = async (study: Study<P>) => (await study.trials()).map((t) => t.state);
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

describe('optimize', () => {
  it('runs trials with typed parameters and finds the best', async () => {
    const study = open();
    const seen: number[] = [];
    const result = await optimize(
      study,
      ({ x, n, c }) => {
        expectTypeOf(c).toEqualTypeOf<'a' | 'b'>();
        return { value: objective({ x, n, c }), metrics: { n }, standardError: 0.1 };
      },
      { newTrials: 20, onTrial: (t) => void seen.push(t.number) },
    );
    expect(result).toEqual({ finished: 20, stopped: 'trials', reason: 'all trials of this run are done' });
    expect(seen).toEqual([...Array(20).keys()]);
    const trials = await study.trials();
    const values = trials.map((t) => (t.state === 'complete' ? t.value : Infinity));
    expect((await study.best())?.value).toBe(Math.min(...values));
    expect(trials[3]).toMatchObject({ standardError: 0.1, metrics: { n: trials[3]?.params.n } });
  });

  it('has as many trials in hand as concurrency says, and never more', async () => {
    const study = open();
    let [now, most] = [0, 0];
    await optimize(
      study,
      async (p) => {
        most = Math.max(most, ++now);
        await sleep(2);
        now--;
        return objective(p);
      },
      { newTrials: 17, concurrency: 4 },
    );
    expect(most).toBe(4);
    expect(await states(study)).toEqual(Array(17).fill('complete'));
  });

  it('counts the trials of earlier runs, but not loaded ones, toward a total', async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    await study.load([{ params: { x: 0, n: 0, c: 'a' }, value: 1 }]);
    await optimize(study, objective, { trials: 4 });
    expect(await optimize(open({ storage }), objective, { trials: 6, concurrency: 3 })).toEqual({
      finished: 2,
      stopped: 'trials',
      reason: 'all 6 trials are done',
    });
    expect(await optimize(open({ storage }), objective, { trials: 6 })).toMatchObject({ finished: 0 });
    expect((await study.trials()).length).toBe(7);
  });

  it('records what an objective throws or returns wrong as failed trials, and goes on', async () => {
    const study = open();
    const wrong: (() => unknown)[] = [
      () => {
        throw new RangeError('kernel larger than image');
      },
      () => Number.NaN,
      () => ({ value: 1, metrics: { acc: Infinity } }),
      () => ({ state: 'failed', reason: 'shape' }),
      () => Promise.reject('plain text'),
      () => 3,
    ];
    const call = (_: P, { number }: { number: number }) => wrong[number]?.() as number;
    const { finished } = await optimize(study, call, { newTrials: 6 });
    expect(finished).toBe(6);
    expect((await study.trials()).map((t) => (t.state === 'failed' ? t.reason : t.state))).toEqual([
      'RangeError: kernel larger than image',
      'the objective returned value = NaN, allowed is a finite number',
      'the objective returned acc = Infinity, allowed is a finite number',
      'shape',
      'plain text',
      'complete',
    ]);
  });

  it('throws the failure after all running trials have ended, when asked to', async () => {
    const study = open();
    const boom = new Error('boom');
    const run = optimize(
      study,
      async (p, { number }) => {
        if (number === 2) throw boom;
        await sleep(5);
        return objective(p);
      },
      { newTrials: 50, concurrency: 3, failures: 'throw' },
    );
    await expect(run).rejects.toBe(boom);
    expect(await states(study)).toEqual(['complete', 'complete', 'failed']);
  });

  it('prunes through report, whether or not the objective awaits it', async () => {
    const study = open({ pruner: { prune: (t: { reports: readonly unknown[] }) => t.reports.length === 3 } });
    const caught: unknown[] = [];
    await optimize(
      study,
      async (_, { report, number }) => {
        for (let step = 0; step < 5; step++) {
          const reported = report(step, step / 10);
          if (number === 0) await reported;
          else if (number === 1) await reported.catch((error) => caught.push(error));
        }
        return 1;
      },
      { newTrials: 3 },
    );
    expect(await states(study)).toEqual(['pruned', 'complete', 'complete']);
    expect(caught[0]).toBeInstanceOf(TrialPruned);
    expect(caught[0]).toMatchObject({ number: 1, step: 2 });
    expect((await study.trials()).map((t) => t.reports.length)).toEqual([3, 5, 5]);
  });

  it('fails a trial that reports what is not finite', async () => {
    const study = open();
    await optimize(study, (_, { report }) => report(1, Number.NaN).then(() => 1), { newTrials: 1 });
    expect((await study.trials())[0]).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('value is NaN'),
    });
  });

  it('stops on a signal and gives interrupted trials back, which the next run finishes', async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    const stop = new AbortController();
    const result = await optimize(
      study,
      async (p, { number, signal }) => {
        if (number === 5) {
          stop.abort(new Error('Ctrl-C'));
          await sleep(1);
        }
        if (number > 3) signal.throwIfAborted();
        return objective(p);
      },
      { newTrials: 100, concurrency: 2, signal: stop.signal },
    );
    expect(result.stopped).toBe('signal');
    expect((await states(study)).filter((s) => s === 'failed')).toEqual([]);
    expect(await study.abandoned()).toContain(5);
    await optimize(open({ storage }), objective, { trials: 8 });
    expect(await states(study)).toEqual(Array(8).fill('complete'));
    expect(await optimize(study, objective, { newTrials: 5, signal: AbortSignal.abort() })).toEqual({
      finished: 0,
      stopped: 'signal',
      reason: 'it was aborted',
    });
  });

  it('stops in time', async () => {
    const study = open();
    const slow = async (p: P, { signal }: { signal: AbortSignal }) => {
      await sleep(5);
      signal.throwIfAborted();
      return objective(p);
    };
    const { stopped, finished } = await optimize(study, slow, { timeout: 400 });
    expect(stopped).toBe('timeout');
    expect(finished).toBeGreaterThan(0);
    expect((await states(study)).filter((s) => s === 'complete').length).toBe(finished);
  });

  it('ends quietly when the space is exhausted, and by a stop rule', async () => {
    const three = searchSpace({ n: integer(0, 2) });
    const grid = {
      sample: ({ trials }: { trials: readonly unknown[] }) => {
        if (trials.length === 3) throw new SpaceExhaustedError(3);
        return [{ params: { n: trials.length } }];
      },
    };
    const study = createStudy({ space: three, sampler: grid as never, direction: 'maximize' });
    expect(await optimize(study, ({ n }) => n, { newTrials: 9, concurrency: 2 })).toEqual({
      finished: 3,
      stopped: 'exhausted',
      reason: 'every point of the space has been tried',
    });
    const patient = open();
    const stop = noImprovement({ trials: 4 });
    const falling = (_: P, { number }: { number: number }) => (number < 6 ? -number : 0);
    expect(await optimize(patient, falling, { stop })).toEqual({
      finished: 10,
      stopped: 'no-improvement',
      reason: '4 trials after trial 5 were not better than it',
    });
  });

  it('rejects with what the study throws, and with options that mean nothing', async () => {
    const study = open();
    const broken: Study<P> = { ...study, tell: () => Promise.reject(new StorageError('disk full')) };
    await expect(optimize(broken, objective, { newTrials: 3 })).rejects.toThrow('disk full');
    const deaf: Study<P> = { ...study, report: () => Promise.reject(new StorageError('disk full')) };
    const reporting = async (p: P, { report }: { report(step: number, value: number): Promise<void> }) => {
      void report(0, 1);
      await sleep(1);
      return objective(p);
    };
    await expect(optimize(deaf, reporting, { newTrials: 3 })).rejects.toThrow('disk full');
    for (const options of [
      {},
      { trials: -1 },
      { newTrials: 1.5 },
      { newTrials: -1 },
      { trials: 1, concurrency: 0 },
      { timeout: Number.NaN },
    ])
      await expect(optimize(study, objective, options)).rejects.toThrow(InvalidArgumentError);
    const outcome: Outcome = { state: 'complete', value: 1 };
    expectTypeOf(outcome).toExtend<Outcome>();
  });

  it('reads no list of all trials for each trial, however many the study has', async () => {
    const study = open();
    let lists = 0;
    const counted: typeof study = {
      ...study,
      trials: () => {
        lists++;
        return study.trials();
      },
    };
    const seen: number[] = [];
    await optimize(counted, objective, {
      trials: 30,
      concurrency: 3,
      onTrial: (t) => void seen.push(t.number),
    });
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(lists).toBe(0);
  });
});
