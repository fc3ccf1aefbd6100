import {
  type Params,
  type Pruner,
  type Rng,
  type Sampler,
  type Storage,
  StorageError,
  type StudyEvent,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { type LocalStudy, memoryStorage, replay, type SharedStudy, sharedStudy } from '../index.ts';
import { type P, sampler, space } from '../study.fixture.ts';

/** Uniform points that do not depend on the trials. */
const blind: Sampler = {
  name: 'blind',
  supports: ['fixed', 'conditional', 'continuous'],
  sample: ({ space: of, count, rng, fixed }) =>
    Array.from({ length: count }, () => {
      const point = Float64Array.from(of.columns, () => rng.next());
      return { params: { ...of.decode(point), ...fixed } };
    }),
};

const open = (storage: Storage, by: Sampler = blind) =>
  sharedStudy<P>({ space, sampler: by, direction: 'minimize', seed: 7, storage });
const study = 'study';
const ticks = async (count: number) => {
  for (let i = 0; i < count; i++) await Promise.resolve();
};

/** A memory whose appends take a while, counted. */
function counted(): { readonly storage: Storage; readonly appends: () => number } {
  const memory = memoryStorage();
  let count = 0;
  const append: Storage['append'] = async (name, at, events) => {
    count++;
    await new Promise((done) => setTimeout(done));
    return memory.append(name, at, events);
  };
  return { storage: { read: memory.read, append }, appends: () => count };
}

/** Calls of workers by a seed, some of which are refused: of trials below 10, and of some that there are not. */
function randomCalls(rng: Rng, count: number): ((workers: readonly LocalStudy<P>[]) => Promise<unknown>)[] {
  const whole = (below: number) => Math.floor(below * rng.next());
  return Array.from({ length: count }, (_, i) => {
    const [number, by, step, value] = [whole(12), whole(3), whole(4), whole(3)];
    const kind = whole(11);
    return async (workers) => {
      const worker = workers[by]!;
      switch (kind) {
        case 0:
        case 1:
          return worker.tell(number, { state: 'complete', value });
        case 2:
          return worker.report(number, step, value);
        case 3:
          return worker.enqueue(value === 0 ? { n: 70 } : { n: i % 10 });
        case 4:
          return worker.note(number, { note: `${value}` });
        case 5:
          return worker.load([{ params: { x: 0, n: 1, c: 'a' }, value }]);
        case 6:
          return (await worker.trials()).map(({ state, reports, note }) => ({ state, reports, note }));
        case 7:
          return worker.deleteTrial(number);
        case 8:
          return worker.restoreTrial(number);
        case 9:
          return worker.note(number, { output: [`${value}`] });
        default:
          return worker.release(number);
      }
    };
  });
}

const settled = async (call: Promise<unknown>) => {
  try {
    return { value: await call };
  } catch (error) {
    return { error: `${error}` };
  }
};

/** A study of three workers with ten running trials. */
async function begun(storage: Storage): Promise<readonly LocalStudy<P>[]> {
  const shared = open(storage);
  const workers = ['a', 'b', 'c'].map((owner) => shared.worker({ owner }));
  for (let i = 0; i < 10; i++) await workers[i % 3]!.ask();
  return workers;
}

describe('calls on a study that wait at the same time', () => {
  it('have the answers and the log of calls one after another', async () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 15; seed++) {
      const [slow, fast] = [counted(), counted()];
      const [slowWorkers, fastWorkers] = [await begun(slow.storage), await begun(fast.storage)];
      const calls = randomCalls(seeded(seed), 40);
      const one: unknown[] = [];
      for (const call of calls) one.push(await settled(call(slowWorkers)));
      const before = fast.appends();
      const together = await Promise.all(calls.map((call) => settled(call(fastWorkers))));
      expect(together, `seed ${seed}`).toEqual(one);
      expect(await fast.storage.read(study, 0)).toEqual(await slow.storage.read(study, 0));
      expect(fast.appends() - before).toBe(1);
      for (const of of together) outcomes.add('error' in of ? of.error.split(':')[0]! : 'done');
    }
    expect([...outcomes].sort()).toEqual(
      ['OutOfSpaceError', 'TrialStateError', 'done', 'InvalidArgumentError'].sort(),
    );
  });

  it('share appends: 100 tells, and 100 asks of a sampler that does not look at the trials', async () => {
    const { storage, appends } = counted();
    const shared = open(storage);
    const workers = Array.from({ length: 100 }, (_, i) => shared.worker({ owner: `w${i}` }));
    await workers[0]!.tell((await workers[0]!.ask()).number, { state: 'pruned' });
    let before = appends();
    const asked = await Promise.all(workers.map((worker) => worker.ask()));
    expect(asked.map(({ number }) => number)).toEqual(workers.map((_, i) => i + 1));
    expect(appends() - before).toBeLessThanOrEqual(2);
    before = appends();
    await Promise.all(
      workers.map((worker, i) => worker.tell(asked[i]!.number, { state: 'complete', value: i })),
    );
    expect(appends() - before).toBe(1);
    // One caller alone: an append for each call, as without others.
    before = appends();
    for (let i = 0; i < 5; i++) await workers[0]!.tell((await workers[0]!.ask()).number, { state: 'pruned' });
    expect(appends() - before).toBe(10);
  });

  it('get the same trials from asks at once as from asks one after another', async () => {
    for (const by of [blind, sampler]) {
      const logs = await Promise.all(
        [true, false].map(async (areTogether) => {
          const storage = memoryStorage();
          const shared = open(storage, by);
          const workers = Array.from({ length: 12 }, (_, i) => shared.worker({ owner: `w${i}` }));
          await workers[0]!.enqueue({ n: 3 });
          if (areTogether)
            await Promise.all(workers.map((worker) => worker.ask({ trials: 11 }).catch(() => 0)));
          else for (const worker of workers) await worker.ask({ trials: 11 }).catch(() => 0);
          return storage.read(study, 0);
        }),
      );
      expect(logs[0]).toEqual(logs[1]);
      expect(logs[0]!.filter(({ type }) => type === 'asked')).toHaveLength(11);
    }
  });

  it('are answered only once the append is done, and a look does not see them before', async () => {
    const memory = memoryStorage();
    let gate: Promise<void> | undefined;
    const storage: Storage = {
      read: memory.read,
      append: async (name, at, events) => {
        const isDone = memory.append(name, at, events);
        await gate;
        return isDone;
      },
    };
    const [worker] = await begun(storage);
    let openGate: () => void = () => undefined;
    gate = new Promise((done) => {
      openGate = done;
    });
    const order: string[] = [];
    const calls = [0, 3].map((number) =>
      worker!.tell(number, { state: 'pruned' }).then(() => order.push(`told ${number}`)),
    );
    const look = worker!.trials().then((trials) => order.push(`${trials[3]!.state}`));
    await new Promise((done) => setTimeout(done, 5));
    expect(order).toEqual([]);
    openGate();
    await Promise.all([...calls, look]);
    expect(order).toEqual(['told 0', 'told 3', 'pruned']);
  });

  it('fail with the append that has their events; those without run again', async () => {
    const memory = memoryStorage();
    let isFull = false;
    const storage: Storage = {
      read: memory.read,
      append: (name, at, events) => {
        if (isFull) throw new StorageError('disk full', { retry: true });
        return memory.append(name, at, events);
      },
    };
    const workers = await begun(storage);
    await workers[0]!.tell(0, { state: 'complete', value: 1 });
    isFull = true;
    const log = await storage.read(study, 0);
    const calls = [
      workers[0]!.tell(0, { state: 'complete', value: 1 }),
      workers[0]!.tell(3, { state: 'complete', value: 1 }),
      workers[0]!.tell(3, { state: 'complete', value: 2 }),
      workers[1]!.tell(99, { state: 'pruned' }),
      workers[1]!.trial(3).then((trial) => trial!.state),
    ].map(settled);
    expect(await Promise.all(calls)).toEqual([
      { value: undefined },
      { error: 'StorageError: disk full' },
      { error: 'StorageError: disk full' },
      { error: expect.stringContaining('TrialStateError') },
      { value: 'running' },
    ]);
    expect(await storage.read(study, 0)).toEqual(log);
    isFull = false;
    await workers[0]!.tell(3, { state: 'complete', value: 2 });
  });
});

it('a sampler forgets the trials that it saw where they did not get into the log', async () => {
  const memory = memoryStorage();
  let gate: Promise<void> | undefined;
  let isFull = false;
  const storage: Storage = {
    read: memory.read,
    append: async (name, at, events) => {
      await gate;
      if (isFull && events.length > 1) throw new StorageError('disk full', { retry: true });
      return memory.append(name, at, events);
    },
  };
  const seen: { readonly key: object; readonly count: number }[] = [];
  const looking: Sampler = {
    ...blind,
    sample: (request) => {
      const { key, count, from } = request.known!;
      seen.push({ key, count: from(0).length });
      expect(from(0)).toHaveLength(count);
      return blind.sample(request);
    },
  };
  const worker = open(storage, looking).worker({ owner: 'a' });
  await worker.ask();
  await worker.ask();
  let openGate: () => void = () => undefined;
  gate = new Promise((done) => {
    openGate = done;
  });
  const first = worker.note(0, { note: 'n' });
  await new Promise((done) => setTimeout(done, 2));
  isFull = true;
  const together = [worker.load([{ params: { x: 0, n: 1, c: 'a' }, value: 1 }]), worker.ask()].map(settled);
  await new Promise((done) => setTimeout(done, 2));
  openGate();
  await first;
  const full = { error: 'StorageError: disk full' };
  expect(await Promise.all(together)).toEqual([full, full]);
  isFull = false;
  expect((await worker.ask()).number).toBe(2);
  expect(seen.map(({ count }) => count)).toEqual([0, 1, 3, 2]);
  expect(seen[1]!.key).toBe(seen[0]!.key);
  expect(seen[3]!.key).not.toBe(seen[2]!.key);
});

/** What happens to an append, besides that it is done. */
const fates = ['done', 'done', 'lost', 'refused', 'torn', 'unanswered'] as const;

/**
 * A storage whose appends meet another writer, a full disk, a write that is torn half-way, and an answer that is lost. With `transact`
 * as a database does it, where plans are called on what is known first.
 */
function faulty(rng: Rng, { transacts }: { readonly transacts: boolean }) {
  const memory = memoryStorage();
  const torn: StudyEvent[] = [];
  let others = 0;
  let isQuiet = false;
  const append = async (name: string, at: number, events: readonly StudyEvent[]): Promise<boolean> => {
    await ticks(Math.floor(20 * rng.next()));
    const fate = isQuiet ? 'done' : fates[Math.floor(fates.length * rng.next())]!;
    if (fate === 'lost') {
      const length = (await memory.read(name, 0)).length;
      if (length > 0) memory.append(name, length, [{ type: 'noted', note: `other ${others++}` }]);
    }
    if (fate === 'refused') throw new StorageError('disk full', { retry: true });
    if (fate === 'torn') {
      // A record that is not whole is none: no reader gets a part of it.
      torn.push(...events.slice(0, events.length / 2));
      throw new StorageError('written in part', { retry: true });
    }
    const isDone = memory.append(name, at, events) as boolean;
    if (fate === 'unanswered') throw new StorageError('connection lost', { retry: true });
    return isDone;
  };
  const transact: Required<Storage>['transact'] = async (name, from, plan) => {
    for (let at = from; ; ) {
      let events = plan([]);
      if (events.length === 0) {
        const newer = await memory.read(name, at);
        at += newer.length;
        events = newer.length > 0 ? plan(newer) : events;
        if (events.length === 0) return;
      }
      if (await append(name, at, events)) return;
      const newer = await memory.read(name, at);
      at += newer.length;
      events = plan(newer);
      if (events.length === 0 || (await append(name, at, events))) return;
    }
  };
  return {
    storage: { read: memory.read, append, ...(transacts && { transact }) } satisfies Storage,
    torn,
    quiet: () => {
      isQuiet = true;
    },
  };
}

/** A worker that asks, reports and tells, each value once; what was acknowledged is kept, and what failed tried again or left. */
async function work(
  shared: SharedStudy<P>,
  { owner, rng, values }: { readonly owner: string; readonly rng: Rng; readonly values: () => number },
) {
  const acknowledged: { readonly type: string; readonly number: number; readonly value?: number }[] = [];
  const faults = new Set<string>();
  const attempt = async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    for (let tries = 0; tries < 6; tries++) {
      await ticks(Math.floor(30 * rng.next()));
      try {
        return await call();
      } catch (error) {
        faults.add((error as Error).name);
        if (!(error instanceof StorageError)) return undefined;
      }
    }
    return undefined;
  };
  const worker = shared.worker({ owner });
  for (let i = 0; i < 4; i++) {
    const trial = await attempt(() => worker.ask({ key: `${owner}-${i}` }));
    if (!trial) continue;
    const { number } = trial;
    expect(trial).toMatchObject({ state: 'running', reports: [] });
    acknowledged.push({ type: 'asked', number });
    const [reported, told] = [values(), values()];
    await attempt(() => worker.report(-1, 0, 0));
    if (await attempt(() => worker.report(number, 0, reported)))
      acknowledged.push({ type: 'reported', number, value: reported });
    const tell = async () => {
      await worker.tell(number, { state: 'complete', value: told });
      return true;
    };
    if (await attempt(tell)) acknowledged.push({ type: 'told', number, value: told });
  }
  return { acknowledged, faults };
}

describe('a pruner whose index throws', () => {
  it('fails the call whose event it did not take, and leaves the state that of the log', async () => {
    let left = 0;
    const heard: number[] = [];
    const pruner: Pruner = {
      prune: () => false,
      index: () => ({
        reported: ({ number }) => {
          heard.push(number);
          if (left-- > 0) throw new Error('not this one');
        },
        ended: () => undefined,
        restarted: () => undefined,
        prune: () => false,
      }),
    };
    const storage = memoryStorage();
    const shared = sharedStudy<P>({ space, sampler, direction: 'minimize', seed: 7, storage, pruner });
    const workers = ['a', 'b', 'c', 'd'].map((owner) => shared.worker({ owner }));
    for (const worker of workers) await worker.report((await worker.ask()).number, 0, 1);
    const answers = async (calls: readonly Promise<unknown>[]) =>
      (await Promise.allSettled(calls)).map(({ status }) => status);
    const isLog = async () =>
      expect(plain(await shared.record.state())).toEqual(plain(replay(await storage.read(study, 0))));

    left = 1;
    const [first, ...others] = await answers(workers.map((worker, i) => worker.report(i, 1, 2)));
    expect(first).toBe('rejected');
    expect(others).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    await isLog();

    left = 1;
    expect(await answers([workers[0]!.report(0, 2, 3)])).toEqual(['rejected']);
    await isLog();

    // Events of another process: all of them are taken in, and heard.
    const other = open(storage, sampler).worker({ owner: 'b' });
    for (const step of [3, 4]) await other.report(1, step, 4);
    left = 1;
    heard.length = 0;
    await expect(workers[2]!.trials()).rejects.toThrow('not this one');
    expect(heard).toEqual([1, 1]);
    await isLog();
    for (const [i, worker] of workers.entries()) await worker.tell(i, { state: 'complete', value: i });
    await isLog();
  });
});

describe('a study whose storage fails, and other writers come first', () => {
  it.each([false, true])(
    'loses and doubles nothing of what was acknowledged; transact: %s',
    async (transacts) => {
      const faults = new Set<string>();
      for (let seed = 0; seed < 15; seed++) {
        const rng = seeded(seed);
        const { storage, quiet } = faulty(rng.fork('faults'), { transacts });
        const shared = await openedDespite(storage, seed % 2 === 0 ? blind : sampler);
        let next = 0;
        const values = () => ++next;
        const done = await Promise.all(
          Array.from({ length: 6 }, (_, i) => work(shared, { owner: `w${i}`, rng: rng.fork(i), values })),
        );
        for (const of of done) for (const fault of of.faults) faults.add(fault);
        quiet();
        const events = await storage.read(study, 0);
        const acknowledged = done.flatMap((of) => of.acknowledged);
        const inLog = events.map(keyOf);
        for (const of of acknowledged)
          expect(
            inLog.filter((key) => key === keyOf(of)),
            `${seed}`,
          ).toHaveLength(1);
        // No value is in the log twice, and no number is two workers'.
        const told = inLog.filter((key) => key !== undefined);
        expect(new Set(told).size).toBe(told.length);
        const numbers = acknowledged.filter(({ type }) => type === 'asked').map(({ number }) => number);
        expect(new Set(numbers).size).toBe(numbers.length);
        // The state of the object is that of the log, and another object has the same.
        const state = plain(await shared.record.state());
        expect(state).toEqual(plain(replay(await storage.read(study, 0))));
        expect(plain(await open(storage).record.state())).toEqual(state);
      }
      expect([...faults].sort()).toEqual(['StorageError', 'TrialStateError']);
    },
  );
});

/** The study, whose first calls may fail as well. */
async function openedDespite(storage: Storage, by: Sampler): Promise<SharedStudy<P>> {
  for (;;) {
    const shared = open(storage, by);
    const isOpen = await shared
      .worker({ owner: 'first' })
      .trials()
      .then(
        () => true,
        () => false,
      );
    if (isOpen) return shared;
  }
}

function keyOf(
  event: { readonly type: string; readonly number?: number; readonly value?: number } | StudyEvent,
) {
  const { type, number, value, outcome } = event as Params & {
    type: string;
    number?: number;
    value?: number;
    outcome?: { value: number };
  };
  return ['asked', 'told', 'reported'].includes(type)
    ? `${type} ${number} ${value ?? outcome?.value}`
    : undefined;
}

function plain(state: object) {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, value]) =>
      typeof value === 'function' || ['running', 'loaded', 'endings'].includes(name)
        ? []
        : [[name, value instanceof Map ? inOrder(value) : structuredClone(value)]],
    ),
  );
}

/** Which entries come first depends on what was taken back (`tentativeEvents`), and nothing depends on it. */
function inOrder(entries: ReadonlyMap<number, unknown>) {
  return [...entries].sort(([a], [b]) => a - b);
}
