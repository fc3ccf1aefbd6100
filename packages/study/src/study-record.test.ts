import { InvalidArgumentError, type Json, StorageError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { enqueueOnce, memoryStorage, optimize, studyRecord } from './index.ts';
import { objective, open } from './study.fixture.ts';

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
    expect(await record.reopenFailed()).toBe(2);
    expect(await record.reopenFailed()).toBe(0);
    expect((await study.trials()).map((t) => t.state)).toEqual(['failed', 'running', 'running', 'complete']);
    expect(await study.abandoned()).toEqual([1, 2]);
    expect(await optimize(study, objective, { trials: 3 })).toMatchObject({ finished: 2 });
    const after = await study.trials();
    expect(after.map((t) => t.state)).toEqual(['failed', 'complete', 'complete', 'complete']);
    expect(after.map((t) => t.params)).toEqual(before.map((t) => t.params));
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
