import {
  InvalidArgumentError,
  OutOfSpaceError,
  type Sampler,
  type Storage,
  StorageError,
  TrialStateError,
  UnsupportedError,
} from '@foothold/core';
import { integer, linear, searchSpace, uniform } from '@foothold/space';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createStudy, memoryStorage } from './index.ts';
import { open, sampler, space } from './study.fixture.ts';

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

  it('is opened again where the storage was gone, and not where trying again is of no use', async () => {
    let error: StorageError | undefined = new StorageError('gone', { retry: true });
    const memory = memoryStorage();
    const storage: Storage = {
      ...memory,
      read: (study, from) => {
        if (error) throw error;
        return memory.read(study, from);
      },
    };
    const study = open({ storage });
    await expect(study.ask()).rejects.toThrow('gone');
    await expect(study.log()).rejects.toThrow('gone');
    error = undefined;
    expect((await study.ask()).number).toBe(0);
    error = new StorageError('damaged');
    const damaged = open({ storage });
    await expect(damaged.ask()).rejects.toThrow('damaged');
    error = undefined;
    await expect(damaged.ask()).rejects.toThrow('damaged');
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
    await expect(study.tell(0, { ...told, metrics: { a: 1, b: 5 } })).rejects.toThrow(
      'trial 0 is complete with metrics.b 2 and cannot become complete with metrics.b 5',
    );
    await expect(study.tell(0, { ...told, metrics: { a: 1 } })).rejects.toThrow(
      'trial 0 is complete with metrics.b 2 and cannot become complete without metrics.b',
    );
    await expect(study.tell(0, { ...told, standardError: 1 })).rejects.toThrow(
      'trial 0 is complete without standardError and cannot become complete with standardError 1',
    );
    expect((await study.log()).filter(({ type }) => type === 'told').length).toBe(1);
  });

  it.each([
    [{ state: 'complete', value: Number.NaN }, 'value is NaN'],
    [{ state: 'complete', value: Infinity }, 'value is Infinity'],
    [{ state: 'complete', value: '3' }, 'value is "3"'],
    [{ state: 'complete', value: 1, standardError: -1 }, 'standardError is -1'],
    [{ state: 'complete', value: 1, metrics: { a: Number.NaN } }, 'metrics.a is NaN'],
    [{ state: 'complete', value: 1, metrics: { constructor: 1 } }, 'a name in metrics is "constructor"'],
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
    const study = open({
      pruner: { prune: (t, others) => [...others].length === 1 && t.reports.length > 1 },
    });
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

describe('the name of a study', () => {
  it.each(['a', 'small-to-large', '_x.1', '0', 'x'.repeat(200)])('may be %j', async (name) => {
    expect((await open({ name }).ask()).number).toBe(0);
  });

  it.each(['', '.', '..', '.a', '-a', 'a/b', '../x', 'a b', 'é', 'a\n', 'x'.repeat(201), 3])(
    'may not be %j',
    (name) => {
      expect(() => open({ name: name as string })).toThrow(InvalidArgumentError);
      expect(() => open({ name: name as string })).toThrow('letters (a to z), digits, _, . and -');
    },
  );

  it.each([
    ['pruner', 'asha', 'prune'],
    ['sampler', 'tpe', 'sample'],
    ['storage', 'studies', 'read'],
    ['space', { x: [0, 1] }, 'encode'],
    ['space', undefined, 'encode'],
  ] as const)('refuses a %s that is none: %j', (name, value, member) => {
    expect(() => open({ [name]: value } as never)).toThrow(InvalidArgumentError);
    expect(() => open({ [name]: value } as never)).toThrow(`an object with the function ${member}`);
  });

  it('goes with a seed and a lease that a log can hold', () => {
    expect(() => open({ seed: Number.NaN })).toThrow('seed is NaN');
    expect(() => open({ clock: () => 0, lease: { ms: Infinity } })).toThrow('lease.ms is Infinity');
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

  it('is shown to the check of the sampler, with the goal', () => {
    const seen: unknown[] = [];
    const choosy: Sampler = {
      ...sampler,
      check(problem) {
        seen.push(problem.goal.direction);
        if (problem.space.columns.some(({ kind }) => kind === 'categorical'))
          throw new UnsupportedError('categorical parameters', 'choosy');
      },
    };
    expect(() => open({ sampler: choosy })).toThrow('choosy does not support categorical parameters');
    createStudy({ space: searchSpace({ a: uniform(0, 1) }), sampler: choosy, direction: 'maximize' });
    expect(seen).toEqual(['minimize', 'maximize']);
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
