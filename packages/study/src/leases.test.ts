import { TrialStateError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { memoryStorage, optimize, replay } from './index.ts';
import { objective, open } from './study.fixture.ts';

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
    await Promise.all(workers.map((w) => optimize(w, objective, { trials: 10, concurrency: 2 })));
    const trials = await workers[0]!.trials();
    expect(trials.map((t) => t.number)).toEqual([...Array(30).keys()]);
    expect(trials.every((t) => t.state === 'complete')).toBe(true);
    expect(replay(await workers[0]!.log()).trials).toEqual(trials);
  });
});
