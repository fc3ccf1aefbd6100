import { type Sampler, StorageError, type StudyEvent, seeded } from '@foothold/core';
import { integer, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { createStudy, memoryStorage, optimize, replay } from '../index.ts';
import { objective, open, type P, sampler, space } from '../study.fixture.ts';

describe('a study is its log', () => {
  const twelve = async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    await study.enqueue({ x: 0.5, n: 3, c: 'a' });
    await optimize(study, objective, { newTrials: 12 });
    return study.log();
  };
  const holding = async (events: readonly StudyEvent[]) => {
    const storage = memoryStorage();
    await storage.append('study', 0, events);
    return storage;
  };

  const created = { type: 'created', goal: { direction: 'minimize' }, seed: 0 } as const;
  const reported = (count: number): StudyEvent[] => [
    created,
    { type: 'asked', number: 0, params: {}, lease: { owner: 'a' } },
    ...Array.from(
      { length: count },
      (_, step): StudyEvent => ({ type: 'reported', number: 0, step, value: step }),
    ),
  ];

  it('runs the same again from the same seed, and another way from another', async () => {
    const [a, b] = [await twelve(), await twelve()];
    expect(a).toEqual(b);
    const other = open({ seed: 8 });
    await optimize(other, objective, { newTrials: 11 });
    expect(replay(a).trials[5]?.params).not.toEqual((await other.trials())[4]?.params);
  });

  it('ends in the same log when it is killed after any event and resumed', async () => {
    const events = await twelve();
    const whole = replay(events).trials;
    expect(whole.map((t) => t.state)).toEqual(Array(12).fill('complete'));
    for (let k = 0; k <= events.length; k++) {
      const study = open({ storage: await holding(events.slice(0, k)) });
      if (k < 2) await study.enqueue({ x: 0.5, n: 3, c: 'a' });
      const { finished } = await optimize(study, objective, { trials: 12 });
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
    const slow = async (p: P, { number }: { number: number }) => {
      await new Promise((done) => setTimeout(done, (number * 7) % 5));
      return objective(p);
    };
    await optimize(study, slow, { newTrials: 25, concurrency: 4 });
    const events = await study.log();
    const numbers = events.flatMap((event, at) => (event.type === 'asked' ? [[at, event] as const] : []));
    expect(numbers.length).toBe(25);
    for (const [at, event] of numbers) {
      const storage = await holding(events.slice(0, event.prefix ?? at));
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
    // An edit is proposed for what an edit can change.
    const advice = '`foothold edit` (studyRecord(…).edit) changes this one';
    await expect(open({ storage, cost: 'eur' }).trials()).rejects.toThrow(advice);
    await expect(open({ storage, seed: 3 }).trials()).rejects.toThrow(/another name makes another study$/);
    const continued = createStudy({ space, sampler, direction: 'minimize', storage });
    expect((await continued.trials()).length).toBe(12);
  });

  it('refuses a log that no study writes', () => {
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

  it('L3: opens a log with 100,000 reports of one trial without copying them at each one', () => {
    // By copies, 5 · 10⁹ elements: more than a minute; else less than a second.
    const { trials } = replay(reported(100_000));
    expect(trials[0]!.reports.length).toBe(100_000);
    expect(trials[0]!.reports.at(-1)).toEqual({ step: 99_999, value: 99_999 });
  }, 20_000);

  it('L3: a trial that was given out keeps the reports of its time', async () => {
    const study = open();
    const seen = [];
    const { number } = await study.ask();
    for (let step = 0; step < 4; step++) {
      seen.push((await study.trials())[0]!);
      await study.report(number, step, step / 2);
    }
    await study.report(number, 2, 1);
    await expect(study.report(number, 2, 3)).rejects.toThrow('this one has 1');
    expect(seen.map(({ reports }) => reports.length)).toEqual([0, 1, 2, 3]);
    await study.release(number);
    expect((await study.trials())[0]!.reports).toEqual([]);
    await study.ask();
    await study.report(number, 2, 3);
    expect((await study.trials())[0]!.reports).toEqual([{ step: 2, value: 3 }]);
    await study.tell(number, { state: 'pruned' });
    expect((await study.trials())[0]).toMatchObject({ state: 'pruned', reports: [{ step: 2, value: 3 }] });
  });

  it('gives up after many lost races, and says that a retry may help', async () => {
    const storage = { read: () => [], append: () => false };
    await expect(open({ storage }).ask()).rejects.toMatchObject({ name: 'StorageError', retry: true });
  });
});
