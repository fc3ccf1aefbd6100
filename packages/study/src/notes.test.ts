import { type Storage, StorageError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { memoryStorage, optimize, replay, studyRecord } from './index.ts';
import { objective, open } from './study.fixture.ts';

const value = (n: number) => ({ state: 'complete', value: n }) as const;

describe('times', () => {
  it('stand on every event of a study with a clock, and on its trials', async () => {
    let now = 1000;
    const storage = memoryStorage();
    const study = open({ storage, clock: () => now++ });
    await study.enqueue({ x: 0, n: 1, c: 'a' });
    await optimize(study, objective, { newTrials: 3 });
    await studyRecord(storage, 'study', { clock: () => now++ }).describe({ run: 'true' });
    const events = await study.log();
    expect(events.every(({ at }) => at !== undefined)).toBe(true);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted((a, b) => a! - b!));
    for (const { number, startedAt, finishedAt } of await study.trials()) {
      const at = (type: string) =>
        events.find((event) => event.type === type && 'number' in event && event.number === number)!.at;
      expect([startedAt, finishedAt]).toEqual([at('asked'), at('told')]);
    }
  });

  it('begin again when a trial does, and not when its lease is renewed', async () => {
    let now = 0;
    const study = open({ clock: () => now, lease: { owner: 'me', ms: 100 } });
    const { number } = await study.ask();
    now = 50;
    await study.renew(number);
    expect(await study.trial(number)).toMatchObject({ startedAt: 0 });
    now = 60;
    await study.release(number);
    now = 70;
    expect(await study.ask()).toMatchObject({ number, startedAt: 70 });
    now = 80;
    await study.tell(number, value(1));
    expect(await study.trial(number)).toMatchObject({ startedAt: 70, finishedAt: 80 });
  });

  it('are absent without a clock, in logs of earlier versions too', async () => {
    const study = open();
    await optimize(study, objective, { newTrials: 2 });
    for (const event of await study.log()) expect(event).not.toHaveProperty('at');
    for (const trial of await study.trials()) {
      expect(trial).not.toHaveProperty('startedAt');
      expect(trial).not.toHaveProperty('finishedAt');
    }
  });
});

describe('attributes and notes', () => {
  it('are taken with an ask, a tell and later, those of the same name replaced', async () => {
    const study = open();
    const trial = await study.ask({ attributes: { host: 'a', tags: ['x'] }, note: 'first' });
    expect(trial).toMatchObject({ attributes: { host: 'a', tags: ['x'] }, note: 'first' });
    await study.report(0, 1, 0.5);
    expect(await study.trial(0)).toMatchObject({ attributes: { host: 'a' }, note: 'first' });
    await study.tell(0, value(1), { attributes: { host: 'b', seconds: null } });
    await study.note(0, { note: 'second' });
    expect(await study.trial(0)).toMatchObject({
      state: 'complete',
      attributes: { host: 'b', tags: ['x'], seconds: null },
      note: 'second',
    });
    await study.note(undefined, { attributes: { dataset: { name: 'digits' } }, note: 'with dropout' });
    expect(await study.notes()).toEqual({
      attributes: { dataset: { name: 'digits' } },
      note: 'with dropout',
    });
    const { trials, attributes, note } = replay(await study.log());
    expect(trials).toEqual(await study.trials());
    expect({ attributes, note }).toEqual(await study.notes());
  });

  it('are written once when the same is said twice', async () => {
    const study = open();
    await study.ask({ note: 'a', attributes: { b: null } });
    const { length } = await study.log();
    await study.note(0, { note: 'a', attributes: { b: null } });
    await study.note(0, {});
    expect((await study.log()).length).toBe(length);
    await study.tell(0, value(1));
    await study.tell(0, value(1), { note: 'later' });
    expect(await study.trial(0)).toMatchObject({ value: 1, note: 'later' });
  });

  it('stay when a trial is asked again or fails and is evaluated again', async () => {
    const storage = memoryStorage();
    const study = open({ storage });
    await study.ask({ attributes: { host: 'a' }, note: 'n' });
    await study.release(0);
    expect(await study.ask()).toMatchObject({ number: 0, attributes: { host: 'a' }, note: 'n' });
    await study.tell(0, { state: 'failed', reason: 'r' });
    await studyRecord(storage, 'study').reopenFailed();
    expect(await study.ask()).toMatchObject({ number: 0, attributes: { host: 'a' }, note: 'n' });
  });

  it('come from an objective, and with loaded trials', async () => {
    const study = open();
    await study.load([
      { params: { x: 0, n: 0, c: 'a' }, value: 1, attributes: { from: 'paper' }, note: 'p' },
    ]);
    await optimize(
      study,
      async (p, { note }) => {
        await note({ attributes: { epochs: 3 } });
        return objective(p);
      },
      { newTrials: 1, failures: 'throw' },
    );
    expect(await study.trials()).toMatchObject([
      { loaded: true, attributes: { from: 'paper' }, note: 'p' },
      { state: 'complete', attributes: { epochs: 3 } },
    ]);
  });

  it('are refused where JSON would change them, and for a trial that there is not', async () => {
    const study = open();
    const circular: { self?: unknown } = {};
    circular.self = circular;
    for (const attributes of [
      [1],
      { a: Number.NaN },
      { a: undefined },
      { a: () => 1 },
      { a: new Date() },
      circular,
    ])
      await expect(study.note(undefined, { attributes: attributes as never })).rejects.toMatchObject({
        name: 'InvalidArgumentError',
        message: expect.stringMatching(/^attributes/),
      });
    await expect(study.ask({ note: 3 as never })).rejects.toThrow('note is 3, allowed is a text');
    await expect(study.note(0, { note: 'a' })).rejects.toMatchObject({ name: 'TrialStateError', number: 0 });
    expect((await study.log()).length).toBe(1);
  });
});

it('a running trial keeps the state of its sampler when it reports', async () => {
  const stated = {
    name: 'stated',
    sample: () => [{ params: { x: 0, n: 0, c: 'a' }, samplerState: { step: 1 } }],
  };
  const study = open({ sampler: { supports: ['continuous'], ...stated } as never });
  await study.ask();
  await study.report(0, 1, 0.5);
  await study.tell(0, value(1));
  expect(await study.trial(0)).toMatchObject({
    samplerState: { step: 1 },
    reports: [{ step: 1, value: 0.5 }],
  });
});

it('notes of a trial are written once, its output too, however often they are told', async () => {
  const study = open();
  const { number } = await study.ask();
  const notes = { attributes: { host: 'a' }, output: ['epoch 1', 'epoch 2'] };
  for (let i = 0; i < 3; i++) await study.note(number, notes);
  await study.note(number, { output: ['epoch 3'] });
  await study.note(number, notes);
  const types = (await study.log()).map(({ type }) => type);
  expect(types.filter((type) => type === 'noted' || type === 'printed')).toEqual([
    ...['noted', 'printed', 'printed', 'printed'],
  ]);
  expect(await study.output(number)).toEqual(notes.output);
});

it('output is read without the log behind it, or not at all where it is new', async () => {
  const memory = memoryStorage();
  let read = 0;
  const storage: Storage = {
    ...memory,
    read: async (...of) => {
      const events = await memory.read(...of);
      read += events.length;
      return events;
    },
  };
  const study = open({ storage });
  await study.load(Array.from({ length: 50 }, (_, n) => ({ params: { x: 0, n: n % 10, c: 'a' }, value: n })));
  for (let number = 0; number < 50; number++) await study.note(number, { output: [`of ${number}`] });
  const readBy = async (number: number) => {
    const before = read;
    const [line] = await study.output(number);
    return { line, events: read - before };
  };
  expect(await readBy(0)).toEqual({ line: 'of 0', events: 1 });
  expect(await readBy(49)).toEqual({ line: 'of 49', events: 0 });
});

it('the output that is noted last stays, whatever is under way, and is written once', async () => {
  const storage = memoryStorage();
  const [study, other] = [open({ storage }), open({ storage })];
  const { number } = await study.ask();
  await study.note(number, { output: ['a'] });
  const notes = [...'bcaad'].map((line) => ({ output: [line], note: line }));
  await Promise.all([...notes, { output: ['a'] }, { note: 'last' }].map((of) => study.note(number, of)));
  expect(await study.output(number)).toEqual(['a']);
  expect(await study.trial(number)).toMatchObject({ note: 'last' });
  await other.note(number, { output: ['e'] });
  await study.note(number, { output: ['a'] });
  await other.note(number, { output: ['a'] });
  expect(await other.output(number)).toEqual(['a']);
  const lines = (await study.log()).flatMap((event) => (event.type === 'printed' ? event.lines : []));
  expect(lines.join('')).toBe('abcadaea');
});

it('outputs of many trials and of failed appends stay what was noted last', async () => {
  const memory = memoryStorage();
  let fails = false;
  const append: typeof memory.append = async (...of) => {
    if (fails) throw new StorageError('full');
    return memory.append(...of);
  };
  const study = open({ storage: { read: memory.read, append } });
  for (let i = 0; i < 80; i++) await study.note((await study.ask()).number, { output: [`${i}`] });
  fails = true;
  await expect(study.note(79, { output: ['x'] })).rejects.toThrow(StorageError);
  fails = false;
  for (const number of [0, 79]) await study.note(number, { output: ['x'] });
  for (const number of [0, 79]) await study.note(number, { output: [`${number}`] });
  for (const number of [0, 1, 79]) expect(await study.output(number)).toEqual([`${number}`]);
});
