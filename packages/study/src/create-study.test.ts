import {
  InvalidArgumentError,
  OutOfSpaceError,
  type Sampler,
  StorageError,
  type StudyEvent,
  seeded,
  TrialStateError,
  UnsupportedError,
} from '@foothold/core';
import { integer, linear, searchSpace, uniform } from '@foothold/space';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createStudy, memoryStorage, optimize, replay } from './index.ts';
import { objective, sampler, space } from './study.fixture.ts';

const open = (more: Partial<Parameters<typeof createStudy<never>>[0]> = {}) =>
  createStudy({ space, sampler, direction: 'minimize', seed: 7, ...(more as object) });

describe('ask and tell', () => {
  it('numbers trials from 0 and gives typed parameters inside the space', async () => {
    const study = open();
    const a = await study.ask();
    const b = await study.ask();
    expect([a.number, b.number, a.state]).toEqual([0, 1, 'running']);
    expectTypeOf(a.params.c).toEqualTypeOf<'a' | 'b'>();
    space.encode(a.params);
    await study.tell(0, { state: 'complete', value: 3, metrics: { seconds: 2 } });
    expect(await study.trials()).toEqual([{ ...a, state: 'complete', value: 3, metrics: { seconds: 2 } }, b]);
    expect(a.why).toEqual({ shift: 0 });
    expect(b.why).toEqual({ shift: 0.1 });
  });

  it('takes the same outcome twice and refuses another', async () => {
    const study = open();
    await study.ask();
    const told = { state: 'complete', value: 3, metrics: { a: 1, b: 2 } } as const;
    await study.tell(0, told);
    await study.tell(0, { metrics: { b: 2, a: 1 }, value: 3, state: 'complete' });
    for (const other of [
      { ...told, value: 4 },
      { state: 'complete', value: 3 },
      { state: 'pruned' },
    ] as const)
      await expect(study.tell(0, other)).rejects.toThrow(TrialStateError);
    await expect(study.tell(0, { state: 'failed', reason: 'x' })).rejects.toThrow(
      'trial 0 is complete with value 3 and cannot become failed',
    );
    await expect(study.tell(5, { state: 'pruned' })).rejects.toThrow('trial 5 is unknown');
    expect((await study.log()).length).toBe(3);
  });

  it.each([
    [{ state: 'complete', value: Number.NaN }, 'value is NaN'],
    [{ state: 'complete', value: Infinity }, 'value is Infinity'],
    [{ state: 'complete', value: '3' }, 'value is "3"'],
    [{ state: 'complete', value: 1, standardError: -1 }, 'standardError is -1'],
    [{ state: 'complete', value: 1, metrics: { a: Number.NaN } }, 'metrics.a is NaN'],
    [{ state: 'failed' }, 'reason is undefined'],
    [{ state: 'done' }, 'state is "done"'],
    [{}, 'state is undefined'],
  ])('refuses %j, and the trial stays running', async (outcome, message) => {
    const study = open();
    await study.ask();
    await expect(study.tell(0, outcome as never)).rejects.toThrow(InvalidArgumentError);
    await expect(study.tell(0, outcome as never)).rejects.toThrow(message);
    expect((await study.trials())[0]?.state).toBe('running');
    await study.tell(0, { state: 'complete', value: 1 });
  });

  it('asks what is enqueued first, in order, with fixed values where they agree', async () => {
    const study = open();
    await study.enqueue({ x: 0.5, n: 3, c: 'a' });
    await study.enqueue({ x: 0.25, n: 4, c: 'b' });
    await expect(study.enqueue({ x: 2, n: 3, c: 'a' })).rejects.toThrow(OutOfSpaceError);
    expect((await study.ask({ fixed: { c: 'b' } })).params).toEqual({ x: 0.25, n: 4, c: 'b' });
    expect((await study.ask()).params).toEqual({ x: 0.5, n: 3, c: 'a' });
    expect((await study.ask({ fixed: { n: 5 } })).params.n).toBe(5);
    await expect(study.ask({ fixed: { n: 50 } })).rejects.toThrow('n is 50');
    expect((await study.log()).filter((e) => e.type === 'asked').map((e) => e.queued)).toEqual([
      true,
      true,
      undefined,
    ]);
  });

  it('loads past evaluations without asking, all or none', async () => {
    const study = open();
    const p = { x: 0.5, n: 3, c: 'a' } as const;
    expect(
      await study.load([
        { params: p, value: 3 },
        { params: p, state: 'failed', reason: 'out of memory' },
        { params: p, state: 'running' },
      ]),
    ).toBe(2);
    await expect(
      study.load([
        { params: p, value: 1 },
        { params: { ...p, n: 99 }, value: 1 },
      ]),
    ).rejects.toThrow('n is 99');
    await expect(study.load([{ params: p, value: Number.NaN }])).rejects.toThrow('value is NaN');
    expect((await study.trials()).map((t) => [t.number, t.state, t.loaded])).toEqual([
      [0, 'complete', true],
      [1, 'failed', true],
    ]);
    expect((await study.ask()).number).toBe(2);
    expect((await open().load(await study.trials())) as number).toBe(2);
  });

  it('records reports once, and asks the pruner', async () => {
    const study = open({ pruner: { prune: (t, others) => others.length === 1 && t.reports.length > 1 } });
    await study.ask();
    await study.ask();
    expect(await study.report(0, 0, 0.5)).toBe('continue');
    expect(await study.report(0, 0, 0.5)).toBe('continue');
    expect(await study.report(0, 1, 0.4)).toBe('prune');
    await expect(study.report(0, 1, 0.3)).rejects.toThrow('this one has 0.4');
    await expect(study.report(0, 2, Number.NaN)).rejects.toThrow(InvalidArgumentError);
    await expect(study.report(0, -1, 3)).rejects.toThrow('step is -1');
    await expect(study.report(9, 1, 3)).rejects.toThrow(TrialStateError);
    await study.tell(0, { state: 'pruned' });
    await expect(study.report(0, 2, 3)).rejects.toThrow('trial 0 is pruned');
    expect((await study.trials())[0]?.reports).toEqual([
      { step: 0, value: 0.5 },
      { step: 1, value: 0.4 },
    ]);
  });
});

describe('the goal', () => {
  it('is compared with what the sampler supports when the study is made', () => {
    const plain: Sampler = { sample: sampler.sample, name: 'plain' };
    const s = searchSpace({ a: integer(0, 3), b: uniform(0, 1).when('a', 1) });
    expect(() => createStudy({ space: s, sampler: plain, direction: 'minimize' })).toThrow(
      'plain does not support conditional',
    );
    expect(() => open({ sampler: plain, cost: 'seconds' })).toThrow(UnsupportedError);
    const constrained = searchSpace({ a: integer(0, 3) }, { constraints: [linear({ a: 1 }, { atMost: 2 })] });
    expect(() => createStudy({ space: constrained, sampler, direction: 'minimize' })).toThrow(
      'input-constraints',
    );
    const grid: Sampler = { ...plain, name: 'grid', supports: ['fixed'] };
    expect(() => open({ sampler: grid })).toThrow('grid does not support continuous');
    expect(() => open({ direction: 'up' } as never)).toThrow('direction is "up"');
  });

  it('refuses fixed values at the ask where the sampler cannot', async () => {
    await expect(open({ sampler: { sample: sampler.sample } }).ask({ fixed: { n: 1 } })).rejects.toThrow(
      UnsupportedError,
    );
  });

  it('needs its metrics, decides what is best, and keeps constraints', async () => {
    const study = open({
      objectives: [
        { metric: 'value', direction: 'minimize' },
        { metric: 'acc', direction: 'maximize' },
      ],
      constraints: [{ metric: 'ms', atMost: 10 }],
      cost: 'eur',
    });
    const p = { x: 0, n: 0, c: 'a' } as const;
    const past = (value: number, acc: number, ms: number) => ({
      params: p,
      value,
      metrics: { acc, ms, eur: 1 },
    });
    await study.load([
      past(1, 0.1, 5),
      past(0, 0.9, 11),
      past(2, 0.5, 10),
      past(3, 0.4, 1),
      past(1, 0.1, 1),
      past(4, 0.6, 1),
    ]);
    expect((await study.best())?.number).toBe(0);
    expect((await study.pareto()).map((t) => t.number)).toEqual([0, 2, 5]);
    await study.ask();
    await expect(study.tell(6, { state: 'complete', value: 1, metrics: { acc: 1, ms: 1 } })).rejects.toThrow(
      'metrics.eur is undefined',
    );
    await expect(
      study.tell(6, { state: 'complete', value: 1, metrics: { acc: 1, ms: 1, eur: 0 } }),
    ).rejects.toThrow('a cost above 0');
    expect(await open().best()).toBeUndefined();
  });
});

describe('a study is its log', () => {
  const twelve = async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    await study.enqueue({ x: 0.5, n: 3, c: 'a' });
    await optimize(study, objective as never, { trials: 12 });
    return study.log();
  };
  const holding = async (events: readonly StudyEvent[]) => {
    const storage = memoryStorage();
    await storage.append('study', 0, events);
    return storage;
  };

  it('runs the same again from the same seed, and another way from another', async () => {
    const [a, b] = [await twelve(), await twelve()];
    expect(a).toEqual(b);
    const other = open({ seed: 8 });
    await optimize(other, objective as never, { trials: 11 });
    expect(replay(a).trials[5]?.params).not.toEqual((await other.trials())[4]?.params);
  });

  it('ends in the same log when it is killed after any event and resumed', async () => {
    const events = await twelve();
    const whole = replay(events).trials;
    expect(whole.map((t) => t.state)).toEqual(Array(12).fill('complete'));
    for (let k = 0; k <= events.length; k++) {
      const study = open({ storage: await holding(events.slice(0, k)) });
      if (k < 2) await study.enqueue({ x: 0.5, n: 3, c: 'a' });
      const { finished } = await optimize(study, objective as never, { total: 12 });
      expect(await study.trials()).toEqual(whole);
      expect(finished).toBe(
        12 - replay(events.slice(0, k)).trials.filter((t) => t.state === 'complete').length,
      );
      expect(replay(await study.log()).trials).toEqual(whole);
    }
  });

  it('draws trial k from the k-th fork of its seed, whatever came before', async () => {
    const drawn: number[] = [];
    const drawing: Sampler = {
      sample: ({ space: of, rng }) => {
        drawn.push(rng.next());
        return [{ params: of.decode(new Float64Array(of.columns.length)) }];
      },
    };
    const study = open({ sampler: drawing });
    await study.load([{ params: { x: 0, n: 0, c: 'a' }, value: 1 }]);
    for (let k = 1; k < 4; k++) await study.ask();
    expect(drawn).toEqual([1, 2, 3].map((k) => seeded(7).fork(k).next()));
  });

  it('would suggest each trial of a parallel run again from the log before it', async () => {
    const study = open();
    const slow = async (p: never, { number }: { number: number }) => {
      await new Promise((done) => setTimeout(done, (number * 7) % 5));
      return objective(p);
    };
    await optimize(study, slow, { trials: 25, concurrency: 4 });
    const events = await study.log();
    const numbers = events.flatMap((event, at) => (event.type === 'asked' ? [[at, event] as const] : []));
    expect(numbers.length).toBe(25);
    for (const [at, event] of numbers) {
      const storage = await holding(events.slice(0, at));
      const again = open({ storage, lease: { owner: 'another', alive: () => true } });
      expect(await again.ask()).toMatchObject({ number: event.number, params: event.params, why: event.why });
    }
  });

  it('refuses another space, goal or seed under its name, and says what differs', async () => {
    const storage = await holding(await twelve());
    const wider = searchSpace({ x: uniform(-2, 1), n: integer(0, 9), c: uniform(0, 1) });
    await expect(open({ storage, space: wider as never }).ask()).rejects.toThrow(
      /space\.x is .*"low":-2.*"low":-1/,
    );
    await expect(open({ storage, direction: 'maximize' }).trials()).rejects.toThrow(
      'direction is "maximize", allowed is what the study was created with, "minimize"',
    );
    await expect(open({ storage, cost: 'eur' }).trials()).rejects.toThrow('cost is "eur"');
    await expect(open({ storage, seed: 3 }).trials()).rejects.toThrow('seed is 3');
    const continued = createStudy({ space, sampler, direction: 'minimize', storage });
    expect((await continued.trials()).length).toBe(12);
  });

  it('refuses a log that no study writes', () => {
    const created = { type: 'created', goal: { direction: 'minimize' }, seed: 0 } as const;
    const wrong: StudyEvent[][] = [
      [created, created],
      [created, { type: 'told', number: 0, outcome: { state: 'pruned' } }],
      [created, { type: 'asked', number: 1, params: {}, lease: { owner: 'a' } }],
      [created, { type: 'loaded', number: 1, params: {}, outcome: { state: 'pruned' } }],
      [created, { type: 'renamed' } as never],
    ];
    for (const events of wrong) expect(() => replay(events)).toThrow(StorageError);
    expect(() => replay(wrong[1]!)).toThrow('event 1 of the log (told): trial 0 is not running');
  });

  it('gives up after many lost races, and says that a retry may help', async () => {
    const storage = { read: () => [], append: () => false };
    await expect(open({ storage }).ask()).rejects.toMatchObject({ name: 'StorageError', retry: true });
  });
});

describe('leases', () => {
  const owned = (owner: string, more: object = {}) => ({ lease: { owner, ...more } });

  it('give a former self its running trials again, with the same number and parameters', async () => {
    const storage = memoryStorage();
    const before = open({ storage, ...owned('me') });
    const trial = await before.ask();
    await before.report(0, 1, 0.5);
    const after = open({ storage, ...owned('me') });
    expect(await after.abandoned()).toEqual([0]);
    expect(await after.ask()).toEqual({ ...trial, reports: [] });
    expect((await after.ask()).number).toBe(1);
    expect((await after.log()).map((e) => e.type)).toEqual([
      'created',
      'asked',
      'reported',
      'expired',
      'asked',
      'asked',
    ]);
  });

  it('leave alone what others work on, until their time is over', async () => {
    const storage = memoryStorage();
    let now = 0;
    const lease = { ms: 100, alive: () => true };
    const a = open({ storage, clock: () => now, ...owned('a', lease) });
    const b = open({ storage, clock: () => now, ...owned('b', lease) });
    const first = await a.ask();
    expect((await b.ask()).number).toBe(1);
    now = 60;
    await a.report(0, 1, 0.5); // renews
    now = 150;
    expect((await b.ask()).number).toBe(1); // b's own, asked at 0 and silent since
    now = 170;
    expect(await b.ask()).toEqual({ ...first, why: first.why });
    await expect(a.tell(0, { state: 'complete', value: 1 })).rejects.toThrow(
      'running at b since its lease ran out',
    );
    await expect(a.report(0, 2, 1)).rejects.toThrow(TrialStateError);
    await b.tell(0, { state: 'complete', value: 2 });
    expect((await a.trials())[0]).toMatchObject({ value: 2, reports: [] });
    expect(() => open({ lease: { ms: 5 } })).toThrow('together with a clock');
  });

  it('notice the end of a process of this machine, and take back what is released', async () => {
    const storage = memoryStorage();
    const dead = open({ storage, ...owned('dead') });
    await dead.ask();
    const study = open({ storage, lease: { owner: 'alive', alive: (owner) => owner !== 'dead' } });
    expect((await study.ask()).number).toBe(0);
    expect((await study.ask()).number).toBe(1);
    await study.release(1);
    expect(await study.abandoned()).toEqual([1]);
    expect((await study.ask()).number).toBe(1);
    await study.tell(1, { state: 'pruned' });
    await expect(study.release(1)).rejects.toThrow(TrialStateError);
  });

  it('let several workers of one storage share the trials without a number twice', async () => {
    const storage = memoryStorage();
    const workers = ['a', 'b', 'c'].map((owner) => open({ storage, ...owned(owner, { alive: () => true }) }));
    await Promise.all(workers.map((w) => optimize(w, objective as never, { trials: 10, concurrency: 2 })));
    const trials = await workers[0]!.trials();
    expect(trials.map((t) => t.number)).toEqual([...Array(30).keys()]);
    expect(trials.every((t) => t.state === 'complete')).toBe(true);
    expect(replay(await workers[0]!.log()).trials).toEqual(trials);
  });
});
