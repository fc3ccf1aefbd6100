import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Storage, StorageError, type Trial } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import {
  copyStudy,
  deleteStudy,
  eventsOf,
  fileStorage,
  memoryStorage,
  optimize,
  renameStudy,
  replay,
  type StudyData,
  studyDataOf,
  studySummaries,
  studySummary,
  writeStudy,
} from './index.ts';
import { objective, open } from './study.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-kept-studies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;

/** Owners of this name run, `gone` ones do not, others cannot be asked. */
const alive = (owner: string) => (owner === 'here' ? true : owner === 'gone' ? false : undefined);

describe.each([
  ['memory', () => memoryStorage()],
  ['files', () => fileStorage(join(folder, String(folders++)))],
] as const)('studies in %s', (_, make) => {
  it('go on in a copy as they would have', async () => {
    const storage = make();
    const study = open({ storage, name: 'a' });
    await optimize(study, objective, { newTrials: 5 });
    const other = make();
    await copyStudy({ storage, name: 'a' }, { storage: other, name: 'b' });
    const copy = open({ storage: other, name: 'b' });
    for (const one of [study, copy]) await optimize(one, objective, { newTrials: 5 });
    expect(await copy.trials()).toEqual(await study.trials());
    await expect(copyStudy({ storage, name: 'a' }, { storage: other, name: 'b' })).rejects.toThrow(
      'there is a study b already',
    );
    await expect(copyStudy({ storage, name: 'x' }, { storage, name: 'y' })).rejects.toThrow(
      'there is no study x',
    );
    await expect(copyStudy({ storage, name: 'a' }, { storage, name: '../a' })).rejects.toThrow(
      'the name of a study',
    );
  });

  it('are written whole or not at all', async () => {
    const storage = make();
    const data = studyDataOf(replay(await finished(make(), 4)))!;
    await writeStudy(storage, 'whole', data);
    expect(studyDataOf(replay(await storage.read('whole', 0)))).toEqual(data);
    const wrong = { ...data, trials: data.trials.map((trial) => ({ ...trial, number: trial.number + 1 })) };
    await expect(writeStudy(storage, 'wrong', wrong)).rejects.toThrow('the next number is 0');
    await expect(writeStudy(storage, 'whole', data)).rejects.toThrow('there is a study whole already');
    expect(await storage.studies()).toEqual(['whole']);
  });

  it('of many events are written in several appends, whole or not at all', async () => {
    const storage = make();
    const appends: [string, number][] = [];
    const watched: Storage = {
      ...storage,
      append: (name, at, events) => {
        appends.push([name, events.length]);
        return storage.append(name, at, events);
      },
    };
    const trials = Array.from({ length: 6000 }, (_, number): Trial => {
      const told = number % 3 === 0 ? { reports: [], state: 'pruned' as const } : undefined;
      return {
        number,
        params: { x: number / 6000 },
        reports: [],
        state: 'complete',
        value: number,
        ...told,
      } as Trial;
    });
    const data: StudyData = { goal: { direction: 'minimize' }, seed: 3, trials, queue: [{ x: 0.5 }] };
    await writeStudy(watched, 'long', data);
    expect(appends.map(([, length]) => length)).toEqual([5000, 5000, 2002]);
    expect(appends.every(([name]) => /^long\.partial-[0-9a-f-]+$/.test(name))).toBe(true);
    expect(await storage.studies()).toEqual(['long']);
    const events = await storage.read('long', 0);
    expect(events).toEqual([...eventsOf(data)]);
    expect(studyDataOf(replay(events))).toEqual(data);

    const broken = { ...data, trials: [...trials.slice(0, 5999), { ...trials[5999]!, number: 7000 }] };
    await expect(writeStudy(storage, 'broken', broken)).rejects.toThrow('the next number is 5999');
    const raced: Storage = {
      ...storage,
      append: async (name, at, more) => {
        if (at > 5000) await storage.append('raced', 0, events.slice(0, 1)); // another program takes the name
        return storage.append(name, at, more);
      },
    };
    await expect(writeStudy(raced, 'raced', data)).rejects.toThrow(StorageError);
    expect(await storage.studies()).toEqual(['long', 'raced']);
    expect((await storage.read('raced', 0)).length).toBe(1);

    appends.splice(0);
    const { rename: _, ...fixed } = watched; // a storage that cannot rename
    await writeStudy(fixed, 'at-once', data);
    expect(appends).toEqual([['at-once', 12_002]]);
  });

  it('say what they are doing, whether their workers run or not', async () => {
    const storage = make();
    const activity = async (now?: number) => (await studySummary(storage, 'a', { alive, now }))!.activity;
    let time = 0;
    const lease = (owner: string) =>
      open({ storage, name: 'a', clock: () => time, lease: { owner, ms: 100 } });
    const far = lease('far');
    expect((await far.trials()).length).toBe(0);
    expect(await activity()).toBe('new');
    const { number } = await far.ask();
    expect([await activity(50), await activity(200), await activity()]).toEqual([
      'running',
      'interrupted',
      'running',
    ]);
    await far.tell(number, { state: 'failed', reason: 'no' });
    expect(await activity()).toBe('failed');
    time = 500;
    const gone = lease('gone');
    await gone.ask();
    expect(await activity()).toBe('interrupted');
    const here = lease('here');
    await here.ask();
    expect(await activity(1e9)).toBe('running');
    const summary = (await studySummary(storage, 'a', { alive, now: 1e9 }))!;
    expect(summary).toMatchObject({
      counts: { complete: 0, failed: 1, pruned: 0 },
      createdAt: 0,
      changedAt: 500,
      directions: ['minimize'],
    });
    expect(summary.workers.map(({ owner, isAlive }) => [owner, isAlive])).toContainEqual(['here', true]);
  });

  it('are not deleted or renamed under a worker, unless it is forced', async () => {
    const storage = make();
    const study = open({ storage, name: 'a', lease: { owner: 'here' } });
    await study.ask();
    await expect(deleteStudy(storage, 'a', { alive })).rejects.toThrow('a worker evaluates trial 0 at here');
    await expect(renameStudy(storage, { name: 'a', to: 'b', alive })).rejects.toThrow('stop it first');
    expect(await storage.studies()).toEqual(['a']);
    await renameStudy(storage, { name: 'a', to: 'b', alive, force: true });
    await deleteStudy(storage, 'b', { alive: () => false });
    expect(await storage.studies()).toEqual([]);
    await expect(deleteStudy(storage, 'b')).rejects.toThrow('there is no study b to delete');
    await finished(storage, 1);
    await expect(renameStudy(storage, { name: 'study', to: '-x' })).rejects.toThrow('the name of a study');
  });
});

async function finished(storage: Storage, newTrials: number) {
  const study = open({ storage });
  await optimize(study, objective, { newTrials });
  return study.log();
}

describe('a list of studies', () => {
  it('has those that can be read, and the fault of the others', async () => {
    const directory = join(folder, 'list');
    const storage = fileStorage(directory);
    await finished(storage, 3);
    writeFileSync(join(directory, 'damaged.jsonl'), 'no log\n');
    const [damaged, study] = await studySummaries(fileStorage(directory));
    expect(damaged).toMatchObject({ name: 'damaged', fault: expect.stringContaining('damaged.jsonl') });
    expect(study).toMatchObject({ name: 'study', activity: 'idle', counts: { complete: 3 } });
    await deleteStudy(storage, 'damaged');
    expect(await storage.studies()).toEqual(['study']);
  });

  it('is refused by a storage that has none', async () => {
    const { read, append } = memoryStorage();
    await expect(studySummaries({ read, append })).rejects.toThrow('does not support a list of its studies');
    await expect(deleteStudy({ read, append }, 'a')).rejects.toThrow('does not support deleting a study');
  });
});
