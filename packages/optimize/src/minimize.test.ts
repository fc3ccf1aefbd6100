import { random } from '@foothold/samplers';
import { categorical, integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage } from '@foothold/study';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { maximize, minimize } from './minimize.ts';

const space = searchSpace({
  lr: logUniform(1e-5, 1e-1),
  width: integer(16, 512),
  act: categorical('relu', 'gelu'),
});

describe('minimize', () => {
  it('types the objective from the space and finds the minimum', async () => {
    const { params, value, trials } = await minimize(
      ({ lr, width, act }) => {
        expectTypeOf(lr).toEqualTypeOf<number>();
        expectTypeOf(act).toEqualTypeOf<'relu' | 'gelu'>();
        return (Math.log10(lr) + 3) ** 2 + ((width - 200) / 200) ** 2 + (act === 'gelu' ? 0 : 0.3);
      },
      space,
      { trials: 25 },
    );
    expect(trials).toHaveLength(25);
    expect(params.act).toBe('gelu');
    expect(value).toBeLessThan(0.01);
  });
  it('maximizes the negative just as well, with the same trials', async () => {
    const f = ({ lr }: { lr: number }) => (Math.log10(lr) + 2.7) ** 2;
    const one = searchSpace({ lr: logUniform(1e-5, 1e-1) });
    const low = await minimize(f, one, { trials: 10 });
    const high = await maximize((p) => -f(p), one, { trials: 10 });
    expect(high.trials.map((t) => t.params)).toEqual(low.trials.map((t) => t.params));
    expect(high.value).toBe(-low.value);
  });
  it('goes on around failures and says when there was nothing else', async () => {
    const { value } = await minimize(
      ({ width }) => {
        if (width > 300) throw new Error('out of memory');
        return -width;
      },
      space,
      { trials: 15 },
    );
    expect(value).toBeLessThan(-250);
    const never = minimize(() => Number.NaN, space, { trials: 3 });
    await expect(never).rejects.toThrow(/objective is .*NaN.*at least one of its evaluations/);
  });
  it('continues a stored study to the same end as one run, and tries what was enqueued first', async () => {
    const f = ({ lr, width }: { lr: number; width: number }) => (Math.log10(lr) + 2) ** 2 + width / 512;
    const first = { lr: 0.02, width: 64, act: 'relu' } as const;
    const storage = memoryStorage();
    await minimize(f, space, { trials: 6, storage, enqueue: [first] });
    const { trials } = await minimize(f, space, { trials: 12, storage, enqueue: [first] });
    const whole = await minimize(f, space, { trials: 12, enqueue: [first] });
    expect(trials[0]!.params).toEqual(first);
    expect(trials.map((t) => t.params)).toEqual(whole.trials.map((t) => t.params));
  });
  it('says in `why` which sampler it chose', async () => {
    const { trials } = await minimize(({ x }) => x, searchSpace({ x: uniform(0, 1) }), { trials: 8 });
    expect(trials.at(-1)!.why).toMatchObject({
      sampler: 'bayesian',
      reason: 'few and costly evaluations',
      stage: 'model',
    });
  });
  it('starts from earlier studies: the first evaluation is where they were good', async () => {
    const f = (best: number) => (p: { lr: number; width: number; act: string }) =>
      (Math.log10(p.lr) - best) ** 2 + ((p.width - 200) / 200) ** 2;
    const earlier = await minimize(f(-2.2), space, { trials: 20, seed: 4 });
    const warm = await minimize(f(-2), space, {
      trials: 3,
      transfer: [{ name: 'earlier', trials: earlier.trials }],
    });
    const cold = await minimize(f(-2), space, { trials: 3 });
    expect(warm.value).toBeLessThan(0.1);
    expect(warm.value).toBeLessThan(cold.value);
  });
  it('F14: evaluates what is enqueued for an existing study next, and once', async () => {
    const storage = memoryStorage();
    const f = (p: { lr: number; width: number; act: string }) => p.lr + p.width;
    const run = (trials: number) =>
      minimize(f, space, { trials, storage, enqueue: [wanted], sampler: random() });
    const wanted = { lr: 0.01, width: 100, act: 'relu' } as const;
    await minimize(f, space, { trials: 3, storage, sampler: random() });
    expect((await run(5)).trials[3]?.params).toEqual(wanted);
    const { trials } = await run(7);
    expect(trials.filter(({ params }) => params.width === 100 && params.lr === 0.01)).toHaveLength(1);
  });
  it('P1: takes over what a worker that cannot be seen left, once its lease is over', async () => {
    const storage = memoryStorage();
    let now = 0;
    const worker = (owner: string) => ({ owner, ms: 50, alive: () => undefined });
    const clock = () => now;
    const f = (p: { lr: number; width: number; act: string }) => p.lr + p.width;
    const left = createStudy({
      space,
      sampler: random(),
      direction: 'minimize',
      storage,
      clock,
      lease: worker('pod-1'),
    });
    const { params } = await left.ask();
    now = 51;
    const { trials } = await minimize(f, space, {
      trials: 2,
      storage,
      clock,
      lease: worker('pod-2'),
      sampler: random(),
    });
    expect(trials.map(({ state }) => state)).toEqual(['complete', 'complete']);
    expect(trials[0]?.params).toEqual(params);
  });

  it('shows onTrial a trial that it fails because its workers were lost too often', async () => {
    const storage = memoryStorage();
    const of = { space, sampler: random(), storage };
    await createStudy({ ...of, direction: 'minimize', lease: { owner: 'gone' } }).ask();
    const seen: object[] = [];
    const lease = { owner: 'me', retries: 0, alive: () => false };
    const f = (p: { lr: number; width: number; act: string }) => p.lr + p.width;
    await minimize(f, space, { ...of, trials: 2, lease, onTrial: (trial) => void seen.push(trial) });
    expect(seen).toMatchObject([
      { number: 0, state: 'failed', reason: 'its worker ended or was silent once, and retries is 0' },
      { number: 1, state: 'complete' },
    ]);
  });

  it('says why it ended: after an abort the result is the best of what had completed', async () => {
    const space = searchSpace({ x: uniform(0, 1) });
    const done = await minimize(({ x }) => x, space, { trials: 3, sampler: random() });
    expect(done.stopped).toBe('trials');
    const controller = new AbortController();
    const cut = await minimize(({ x }) => x, space, {
      trials: 30,
      sampler: random(),
      signal: controller.signal,
      onTrial: ({ number }) => {
        if (number === 4) controller.abort();
      },
    });
    expect(cut.stopped).toBe('signal');
    expect(cut.trials.length).toBeLessThan(30);
    expect(cut.value).toBe(Math.min(...cut.trials.map((t) => (t.state === 'complete' ? t.value : Infinity))));
  });
});
