import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sampler, StorageError, type StudyEvent, seeded, type Trial } from '@foothold/core';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createStudy,
  eventsOf,
  fileStorage,
  medianPruner,
  memoryStorage,
  noImprovement,
  optimize,
  replay,
  replaySuggestions,
  studyDataOf,
  studyRecord,
  studySummaryOf,
  trialLimit,
  writeStudy,
} from './index.ts';
import { logFold } from './state/replay.ts';
import { progressOf } from './stopping/study-progress.ts';
import { objective, open, type P, sampler, space } from './study.fixture.ts';

const goal = { direction: 'minimize' } as const;
const numbers = (trials: readonly { readonly number: number }[]) => trials.map(({ number }) => number);

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'foothold-deleted-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('a deleted trial', () => {
  it('is out of everything that is made of a state: the best trial, counts, the summary, an export', async () => {
    const study = open();
    for (const value of [3, 1, 2]) {
      const { number } = await study.ask();
      await study.tell(number, { state: 'complete', value });
    }
    await study.deleteTrial(1);
    expect((await study.best())!.number).toBe(2);
    const state = replay(await study.log());
    const { best, bestValues, counts } = studySummaryOf('study', state)!;
    expect([best!.number, bestValues, counts.complete]).toEqual([2, [3, 2], 2]);
    expect([state.count, state.trials.length, state.deleted.size]).toEqual([3, 2, 1]);
    const data = studyDataOf(state)!;
    expect([numbers(data.trials), data.deleted]).toEqual([[0, 2], [1]]);
    const copy = memoryStorage();
    await writeStudy(copy, 'copy', data);
    const imported = await studyRecord(copy, 'copy').state();
    expect(imported.trials.map((trial) => [trial.number, 'value' in trial && trial.value])).toEqual([
      [0, 3],
      [1, 2],
    ]);
    expect(replay([...eventsOf(data)]).count).toBe(2);
  });

  it('is still deleted in a study of files that another process opens, and loses nothing', async () => {
    const first = open({ storage: fileStorage(root), name: 'kept' });
    await optimize(first, objective, { newTrials: 4 });
    const before = await first.trials();
    await first.deleteTrial(2);
    await first.note(2, { note: 'the disk was full' });
    const second = open({ storage: fileStorage(root), name: 'kept' });
    expect(numbers(await second.trials())).toEqual([0, 1, 3]);
    await second.restoreTrial(2);
    expect(await second.trial(2)).toEqual({ ...before[2], note: 'the disk was full' });
  });

  it('is not seen by the sampler from then on, whose suggestions can be made again', async () => {
    const seen: number[][] = [];
    const looking: Sampler = {
      ...sampler,
      sample: (request) => {
        seen.push(numbers(request.trials) as number[]);
        return sampler.sample(request);
      },
    };
    const study = open({ sampler: looking });
    await optimize(study, objective, { newTrials: 5 });
    await study.deleteTrial(3);
    await optimize(study, objective, { newTrials: 2 });
    await study.restoreTrial(3);
    await optimize(study, objective, { newTrials: 1 });
    expect(seen.slice(5)).toEqual([
      [0, 1, 2, 4],
      [0, 1, 2, 4, 5],
      [0, 1, 2, 3, 4, 5, 6],
    ]);
    const causes: unknown[] = [];
    for await (const { cause } of replaySuggestions<P>({ events: await study.log(), space, sampler }))
      causes.push(cause);
    expect(causes).toEqual(Array.from({ length: 8 }, () => undefined));
  });

  it('gives another key to what is known of the trials, in an edited space too', async () => {
    const keys = new Map<object, number>();
    const looking: Sampler = {
      ...sampler,
      sample: ({ known, ...request }) => {
        expect(known!.from(0).length).toBeLessThanOrEqual(known!.count);
        keys.set(known!.key, (keys.get(known!.key) ?? 0) + 1);
        return sampler.sample(request);
      },
    };
    const storage = memoryStorage();
    const study = open({ storage, sampler: looking });
    await optimize(study, objective, { newTrials: 3 });
    await study.deleteTrial(0);
    await optimize(study, objective, { newTrials: 2 });
    expect([...keys.values()]).toEqual([3, 2]);
    const narrower = searchSpace({ x: uniform(-0.5, 0.5), n: integer(0, 9), c: categorical('a', 'b') });
    await studyRecord(storage, 'study').edit({ space: narrower.description });
    const edited = createStudy<P>({ ...goal, storage, sampler: looking, space: narrower, seed: 7 });
    await optimize(edited, objective, { newTrials: 2 });
    await edited.deleteTrial(1);
    await optimize(edited, objective, { newTrials: 2 });
    expect([...keys.values()].slice(2)).toEqual([2, 2]);
  });

  it('does not count for stop rules and limits', async () => {
    const study = open();
    const next = progressOf(study, goal);
    for (const value of [5, 1, 2, 3]) {
      const { number } = await study.ask();
      await study.tell(number, { state: 'complete', value });
    }
    expect(await next()).toMatchObject({ ended: 4, best: { number: 1 }, sinceBest: 2 });
    await study.deleteTrial(1);
    expect(await next()).toMatchObject({ ended: 3, best: { number: 2 }, sinceBest: 1 });
    await study.deleteTrial(3);
    await study.restoreTrial(1);
    expect(await next()).toMatchObject({ ended: 3, best: { number: 1 }, sinceBest: 1 });
    const { ended: _, ...others } = study;
    const slow = progressOf(others, goal);
    expect(await slow()).toMatchObject({ ended: 3, best: { number: 1 } });
    await study.deleteTrial(1);
    expect(await slow()).toMatchObject({ ended: 2, best: { number: 2 } });
    expect(await optimize(study, objective, { stop: trialLimit({ trials: 4 }) })).toMatchObject({
      finished: 2,
    });
    expect(await optimize(study, objective, { trials: 5 })).toMatchObject({ finished: 1 });
    await optimize(study, () => 9, { stop: noImprovement({ trials: 2 }) });
  });

  it('is at the same place among those that ended in a process that opens the study later', async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    expect(await study.ended(0)).toEqual([]);
    for (let i = 0; i < 10; i++)
      await study.tell((await study.ask()).number, { state: 'complete', value: 10 - i });
    await study.deleteTrial(3);
    const known = (await study.ended(0)).length;
    expect(known).toBe(11);
    const later = open({ storage });
    expect(await later.ended(known)).toEqual([]);
    for (let i = 0; i < 2; i++) await later.tell((await later.ask()).number, { state: 'complete', value: i });
    await later.restoreTrial(3);
    expect((await later.ended(known)).map(({ number }) => number)).toEqual([10, 11, 3]);
    expect(await study.ended(0)).toEqual(await later.ended(0));
  });

  it('is no other trial for a pruner, with an index and without', async () => {
    const { index: _, ...slow } = medianPruner({ startupTrials: 1 });
    for (const pruner of [medianPruner({ startupTrials: 1 }), slow]) {
      const study = open({ pruner });
      for (const value of [1, 8]) {
        const { number } = await study.ask();
        await study.report(number, 1, value);
        await study.tell(number, { state: 'complete', value });
      }
      const { number } = await study.ask();
      expect(await study.report(number, 1, 5)).toBe('prune');
      await study.deleteTrial(0);
      expect(await study.report(number, 1, 5)).toBe('continue');
      await study.restoreTrial(0);
      expect(await study.report(number, 1, 5)).toBe('prune');
    }
  });

  it('is not asked about: its worker goes on with the next trial', async () => {
    const study = open();
    const seen: Trial[] = [];
    const result = await optimize(
      study,
      async (params, { number, report }) => {
        if (number === 1) await study.deleteTrial(1);
        await report(1, 0.5);
        return objective(params);
      },
      { trials: 3, onTrial: (trial) => void seen.push(trial as Trial) },
    );
    expect(numbers(seen)).toEqual([0, 2, 3]);
    expect(result.finished).toBe(4);
    expect(await study.deletedTrials()).toMatchObject([{ number: 1, outcome: { state: 'pruned' } }]);
  });

  it('is what the slow path says, after any sequence of deletions', () => {
    const rng = seeded('deletions');
    const count = 40;
    const created: StudyEvent = { type: 'created', goal, seed: 0, format: 2 };
    const fold = logFold();
    fold.apply(created);
    for (let number = 0; number < count; number++)
      fold.apply({
        type: 'loaded',
        number,
        params: { x: number },
        outcome: { state: 'complete', value: number },
      });
    const gone = new Set<number>();
    for (let i = 0; i < 400; i++) {
      const number = Math.floor(count * rng.next());
      if (gone.has(number)) fold.apply({ type: 'restored', number });
      else fold.apply({ type: 'deleted', number });
      if (!gone.delete(number)) gone.add(number);
      const there = Array.from({ length: count }, (_, k) => k).filter((k) => !gone.has(k));
      expect(numbers(fold.state.trials)).toEqual(there);
      for (const k of [number, 0, count - 1])
        expect(fold.state.trial(k)?.params).toEqual(gone.has(k) ? undefined : { x: k });
      expect([fold.state.count, fold.state.loaded, fold.state.deletions]).toEqual([
        count,
        there.length,
        i + 1,
      ]);
    }
  });

  it.each([
    [{ type: 'deleted', number: 1 }, 'there is no trial 1 that is not deleted'],
    [{ type: 'restored', number: 0 }, 'trial 0 is not deleted'],
  ] as const)('is refused in a log that says %j without cause', (event, why) => {
    const log: StudyEvent[] = [
      { type: 'created', goal, seed: 0 },
      { type: 'loaded', number: 0, params: {}, outcome: { state: 'pruned' } },
    ];
    expect(() => replay([...log, event])).toThrow(StorageError);
    expect(() => replay([...log, event])).toThrow(why);
    const deleted = [...log, { type: 'deleted', number: 0 }] as const;
    for (const after of [
      { type: 'told', number: 0, outcome: { state: 'pruned' } },
      { type: 'expired', number: 0 },
      { type: 'reported', number: 0, step: 1, value: 1 },
      { type: 'deleted', number: 0 },
    ] as const)
      expect(() => replay([...deleted, after])).toThrow(StorageError);
  });
});
