import { type Study, TrialStateError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { memoryStorage, optimize, replay, studyRecord } from '../index.ts';
import { objective, open, type P } from '../study.fixture.ts';

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
      'configured',
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
    expect(await b.ask()).toEqual({ ...first, startedAt: 170 });
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
    await Promise.all(workers.map((w) => optimize(w, objective, { newTrials: 10, concurrency: 2 })));
    const trials = await workers[0]!.trials();
    expect(trials.map((t) => t.number)).toEqual([...Array(30).keys()]);
    expect(trials.every((t) => t.state === 'complete')).toBe(true);
    expect(replay(await workers[0]!.log()).trials).toEqual(trials);
  });

  it('P1: end for a worker that cannot be seen, so that its trial is asked again and not lost', async () => {
    const storage = memoryStorage();
    let now = 0;
    const unseen = { ms: 100, alive: () => undefined };
    const gone = open({ storage, clock: () => now, ...owned('pod-1:7:a', unseen) });
    const first = await gone.ask();
    const study = open({ storage, clock: () => now, ...owned('pod-2:7:b', unseen) });
    expect(await study.held()).toEqual([{ number: 0, owner: 'pod-1:7:a', expiresIn: 100 }]);
    await expect(study.ask({ trials: 1 })).rejects.toThrow('the study has its 1 trials');
    now = 101;
    expect(await study.held()).toEqual([]);
    expect(await study.ask({ trials: 1 })).toMatchObject({ number: 0, params: first.params });
    await expect(gone.renew(0)).rejects.toThrow('running at pod-2:7:b');
    now = 190;
    await study.renew(0);
    now = 260;
    expect(await gone.abandoned()).toEqual([]);
  });

  it('P1: without an end count from when they were first seen, where their owner cannot be seen', async () => {
    const storage = memoryStorage();
    let now = 0;
    const old = open({ storage, ...owned('pod-1:7') });
    await old.ask();
    const study = open({ storage, clock: () => now, ...owned('me', { ms: 100, alive: () => undefined }) });
    expect(await study.held()).toEqual([{ number: 0, owner: 'pod-1:7', expiresIn: 100 }]);
    now = 90;
    await old.report(0, 1, 1); // a sign of life
    expect(await study.abandoned()).toEqual([]);
    now = 180;
    expect(await study.abandoned()).toEqual([]);
    now = 191;
    expect(await study.abandoned()).toEqual([0]);
  });

  it('that run out between the last ask and the look for others leave no trial behind', async () => {
    const storage = memoryStorage();
    let now = 0;
    const unseen = { ms: 100, alive: () => undefined };
    await open({ storage, clock: () => now, ...owned('pod-1:7:a', unseen) }).ask();
    const study = open({ storage, clock: () => now, ...owned('pod-2:7:b', unseen) });
    const slow: Study<P> = {
      ...study,
      held: async () => {
        now = 101;
        return study.held();
      },
    };
    expect(await optimize(slow, objective, { trials: 1 })).toMatchObject({ finished: 1 });
    expect((await study.trial(0))?.state).toBe('complete');
    // One that a limit keeps from being asked is not waited for without end.
    const late = open({ storage, clock: () => now, ...owned('pod-3:7:c', unseen) });
    await late.ask();
    now = 300;
    expect(await optimize(study, objective, { trials: 1 })).toMatchObject({ finished: 0 });
  });

  it('P1: are renewed while an evaluation runs, and optimize waits for those that may run out', {
    timeout: 20_000,
  }, async () => {
    const storage = memoryStorage();
    const options = { storage, clock: () => performance.now() };
    const lease = { ms: 300, alive: () => undefined };
    const dead = open({ ...options, ...owned('dead', lease) });
    await dead.ask();
    const [a, b] = ['a', 'b'].map((owner) => open({ ...options, ...owned(owner, lease) }));
    let long = 0;
    const slow = async (p: P, { number }: { number: number }) => {
      if (number === 1) {
        long++;
        await new Promise((done) => setTimeout(done, 1200));
      }
      return objective(p);
    };
    const results = await Promise.all([a!, b!].map((study) => optimize(study, slow, { trials: 3 })));
    expect(results.reduce((sum, { finished }) => sum + finished, 0)).toBe(3);
    expect(long).toBe(1); // nobody took the long one, four times its lease
    expect((await a!.trials()).map((t) => t.state)).toEqual(Array(3).fill('complete'));
    expect((await a!.log()).filter((e) => e.type === 'expired')).toMatchObject([
      { type: 'expired', number: 0, lost: true },
    ]);
  });

  it("P1: stop an evaluation whose trial has become another worker's", async () => {
    const storage = memoryStorage();
    let now = 0;
    const lease = { ms: 60, alive: () => undefined };
    const slow = open({ storage, clock: () => now, ...owned('slow', lease) });
    const fast = open({ storage, clock: () => now, ...owned('fast', lease) });
    const stop = { name: 'begun', text: 'for the test' };
    const { finished } = await optimize(
      slow,
      async (_, { signal }) => {
        now = 100;
        await fast.ask();
        await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
        throw new Error('stopped');
      },
      {
        newTrials: 1,
        stop: { check: async ({ trials }) => ((await trials()).length > 0 ? stop : undefined) },
      },
    );
    expect(finished).toBe(0);
    await fast.tell(0, { state: 'complete', value: 1 });
  });

  it('are given out again `retries` times, then the trial fails with the reason', async () => {
    const storage = memoryStorage();
    let now = 0;
    const lease = { ms: 100, alive: () => undefined, retries: 2 };
    const [a, b] = ['a', 'b'].map((owner) => open({ storage, clock: () => now, ...owned(owner, lease) }));
    await a!.ask();
    for (const study of [b!, a!]) {
      now += 101;
      expect((await study.ask()).number).toBe(0);
    }
    now += 101;
    expect((await b!.ask()).number).toBe(1);
    expect(await b!.trial(0)).toMatchObject({
      state: 'failed',
      reason: 'its worker ended or was silent 3 times, and retries is 2',
    });
    await expect(a!.tell(0, { state: 'complete', value: 1 })).rejects.toThrow(TrialStateError);
    expect(() => open({ lease: { retries: -1 } })).toThrow('lease.retries is -1, allowed is a whole number');
  });

  it('fail at once with retries of 0, also where all trials are taken or only `abandoned` is asked', async () => {
    for (const ask of [true, false]) {
      const storage = memoryStorage();
      await open({ storage, ...owned('dead') }).ask();
      const lease = { owner: 'me', alive: () => false, retries: 0 };
      const study = open({ storage, lease });
      if (ask) await expect(study.ask({ trials: 1 })).rejects.toThrow('the study has its 1 trials');
      else expect(await study.abandoned()).toEqual([]);
      expect(await study.trials()).toMatchObject([
        { state: 'failed', reason: 'its worker ended or was silent once, and retries is 0' },
      ]);
    }
  });

  it('do not count trials that were given back, and count again after a failed trial is reopened', async () => {
    const storage = memoryStorage();
    const gone = { alive: (owner: string) => owner !== 'gone', retries: 1 };
    const study = open({ storage, ...owned('me', gone) });
    for (let k = 0; k < 5; k++) {
      expect((await study.ask()).number).toBe(0);
      await study.release(0);
    }
    const losing = async () => {
      expect((await open({ storage, ...owned('gone', gone) }).ask()).number).toBe(0);
      return study.ask();
    };
    expect((await losing()).number).toBe(0);
    await study.release(0);
    expect((await losing()).number).toBe(1);
    expect((await study.trials())[0]).toMatchObject({ state: 'failed' });
    await studyRecord(storage, 'study').reopenFailed();
    expect((await losing()).number).toBe(0);
  });

  it('go to another worker only from the owner that is named', async () => {
    const storage = memoryStorage();
    const clock = () => 0;
    const [a, b, c] = ['a', 'b', 'c'].map((owner) =>
      open({ storage, clock, ...owned(owner, { ms: 100, alive: () => undefined }) }),
    );
    await a!.ask();
    await b!.renew(0, { from: 'a' });
    await expect(c!.renew(0, { from: 'a' })).rejects.toThrow(
      'trial 0 is held by b and cannot become renewed from a',
    );
    await expect(a!.tell(0, { state: 'complete', value: 1 })).rejects.toThrow(TrialStateError);
    await b!.tell(0, { state: 'complete', value: 2 });
    await expect(c!.renew(0, { from: 'b' })).rejects.toThrow('complete');
  });

  it('keep a late outcome as a loaded trial where `late` says so, once', async () => {
    const storage = memoryStorage();
    let now = 0;
    const lease = { ms: 100, alive: () => undefined };
    const slow = open({ storage, clock: () => now, ...owned('slow', { ...lease, late: 'keep' }) });
    const fast = open({ storage, clock: () => now, ...owned('fast', lease) });
    const { params } = await slow.ask();
    now = 101;
    await fast.ask();
    for (let twice = 0; twice < 2; twice++)
      await slow.tell(0, { state: 'complete', value: 1 }, { attributes: { host: 's' } });
    expect(await fast.trials()).toMatchObject([
      { state: 'running' },
      { number: 1, params, state: 'complete', value: 1, loaded: true, attributes: { host: 's', lateFor: 0 } },
    ]);
    await fast.tell(0, { state: 'complete', value: 2 });
    await slow.tell(0, { state: 'complete', value: 2 }); // what the trial has: nothing new
    await slow.tell(0, { state: 'complete', value: 3 });
    expect((await fast.trials()).map((trial) => (trial.state === 'complete' ? trial.value : 0))).toEqual([
      2, 1, 3,
    ]);
    await expect(fast.tell(0, { state: 'complete', value: 4 })).rejects.toThrow(TrialStateError);
    await optimize(fast, objective, { trials: 2 }); // loaded trials are none of the two
    expect((await fast.trials()).length).toBe(4);
  });

  it('of parallel evaluations in one process are not lost while one of them keeps it busy', async () => {
    let now = 0;
    const study = open({ clock: () => now, ...owned('me', { ms: 40 }) });
    const evaluated: number[] = [];
    const goOn = new Map<number, () => void>();
    await optimize(
      study,
      async (p, { number }) => {
        evaluated.push(number);
        // An even one lets no timer run for longer than a lease; the odd one before it still runs then, and ends after it.
        if (number % 2 === 0) now += 90;
        else if (number < 5) await new Promise<void>((done) => goOn.set(number + 2, done));
        goOn.get(number + 1)?.();
        return objective(p);
      },
      { trials: 6, concurrency: 2, failures: 'throw' },
    );
    expect(evaluated.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('number the parallel trials, so that no two running trials share one', async () => {
    const busy = new Set<number>();
    const seen = new Set<number>();
    const run = async (p: P, { slot }: { slot: number }) => {
      expect(busy.has(slot)).toBe(false);
      busy.add(slot);
      seen.add(slot);
      await new Promise((done) => setTimeout(done, Math.round(5 * Math.abs(p.x))));
      busy.delete(slot);
      return objective(p);
    };
    await optimize(open(), run, { newTrials: 30, concurrency: 3, failures: 'throw' });
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });
});
