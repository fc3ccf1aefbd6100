import { InvalidArgumentError, type Json, StorageError, type Trial } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { enqueueOnce, memoryStorage, optimize, type StudyState, studyRecord } from './index.ts';
import { objective, open } from './study.fixture.ts';
import { recordOf } from './study-record.ts';

describe('the record of a study', () => {
  it('opens failed trials again: same numbers, and nothing of the failure is left', async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    await study.load([{ params: { x: 0, n: 0, c: 'a' }, state: 'failed', reason: 'past' }]);
    const failing = () => {
      throw new Error('disk away');
    };
    await optimize(study, failing, { newTrials: 2 });
    await optimize(study, objective, { newTrials: 1 });
    const before = await study.trials();
    const record = studyRecord(storage, 'study');
    await study.note(1, { attributes: { count: 3, host: 'a' } });
    expect(await record.reopenFailed({ without: ['count'] })).toBe(2);
    expect((await study.trials()).map(({ attributes }) => attributes)).toEqual([
      ...[undefined, { count: null, host: 'a' }, undefined, undefined],
    ]);
    expect(await record.reopenFailed()).toBe(0);
    expect((await study.trials()).map((t) => t.state)).toEqual(['failed', 'running', 'running', 'complete']);
    expect(await study.abandoned()).toEqual([1, 2]);
    expect(await optimize(study, objective, { trials: 3 })).toMatchObject({ finished: 2 });
    const after = await study.trials();
    expect(after.map((t) => t.state)).toEqual(['failed', 'complete', 'complete', 'complete']);
    expect(after.map((t) => t.params)).toEqual(before.map((t) => t.params));
  });
  it('gives a state that stays as it is, whatever comes', async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    await study.enqueue({ x: 0.5, n: 0, c: 'a' });
    const trial = await study.ask();
    const record = studyRecord(storage, 'study');
    const before = await record.state();
    const content = structuredClone(before);
    expect([before.trials.length, before.leases.size]).toEqual([1, 1]);
    await study.enqueue({ x: 0.25, n: 0, c: 'a' });
    await study.deleteTrial!(trial.number);
    await study.ask();
    await study.ask();
    expect(structuredClone(before)).toEqual(content);
    expect((await record.state()).leases.size).toBe(2);
  });
  it('counts trials without looking at one', async () => {
    const trials = new Proxy(new Array<Trial>(3), {
      get: (target, key) => {
        if (key !== 'length') throw new Error(`looked at ${String(key)}`);
        return target.length;
      },
    });
    const log = {
      look: async (view: (state: StudyState) => unknown) => view({ trials } as unknown as StudyState),
    };
    const record = recordOf(
      { ...log, commit: expect.fail } as unknown as Parameters<typeof recordOf>[0],
      'a',
    );
    expect(await record.trialCount()).toBe(3);
  });
  it('knows where its log ends without looking at a trial', async () => {
    const storage = memoryStorage();
    await optimize(open({ storage }), objective, { newTrials: 3 });
    expect(await studyRecord(storage, 'study').length()).toBe((await storage.read('study', 0)).length);
    const state = new Proxy({ length: 7 } as StudyState, {
      get: (target, key) => (key === 'length' ? target.length : expect.fail(`looked at ${String(key)}`)),
    });
    const log = { look: async (view: (state: StudyState) => unknown) => view(state), commit: expect.fail };
    expect(await recordOf(log as unknown as Parameters<typeof recordOf>[0], 'a').length()).toBe(7);
  });
  it('keeps how trials are evaluated, and writes it once', async () => {
    const storage = memoryStorage();
    const record = studyRecord(storage, 'study');
    await expect(record.describe({ run: 'a' })).rejects.toThrow(StorageError);
    const study = open({ storage });
    await study.ask();
    expect((await record.state()).facts).toBeUndefined();
    for (const run of ['a', 'a', 'b', 'b']) await record.describe({ run });
    expect((await record.state()).facts).toEqual({ run: 'b' });
    expect((await study.log()).filter((e) => e.type === 'described')).toHaveLength(2);
    expect((await study.ask()).number).toBe(1);
    const inItself: { facts?: Json } = {};
    inItself.facts = inItself as Json;
    await expect(record.describe(inItself as Record<string, Json>)).rejects.toThrow(InvalidArgumentError);
    expect((await record.state()).facts).toEqual({ run: 'b' });
  });
  it('F14: enqueues once what has no trial yet, in an existing study too', async () => {
    const study = open();
    await optimize(study, objective, { newTrials: 3 });
    const wanted = { x: 0.25, n: 4, c: 'b' } as const;
    expect(await enqueueOnce(study, wanted)).toBeUndefined();
    expect(await enqueueOnce(study, wanted)).toBeUndefined(); // waits in the queue
    expect((await study.ask()).params).toEqual(wanted);
    expect(await enqueueOnce(study, wanted)).toMatchObject({ number: 3 });
    expect((await study.ask()).params).not.toEqual(wanted);
  });
});
