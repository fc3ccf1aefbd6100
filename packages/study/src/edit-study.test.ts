import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  InvalidArgumentError,
  OutOfSpaceError,
  type Params,
  type Rng,
  StorageError,
  seeded,
  UnsupportedError,
} from '@foothold/core';
import {
  categorical,
  integer,
  logUniform,
  type Parameter,
  type ParameterSpace,
  searchSpace,
  spaceOf,
  uniform,
} from '@foothold/space';
import { afterEach, describe, expect, it } from 'vitest';
import { createStudy, fileStorage, memoryStorage, replay, replaySuggestions, studyRecord } from './index.ts';
import { sampler } from './study.fixture.ts';

const shape = { x: uniform(-1, 1), n: integer(0, 9), c: categorical('a', 'b') };
const first = searchSpace(shape) as ParameterSpace;
const withRate = searchSpace({ ...shape, rate: logUniform(1e-4, 1) }) as ParameterSpace;
const narrow = searchSpace({ ...shape, x: uniform(0, 0.5) }) as ParameterSpace;
const withoutN = searchSpace({ x: shape.x, c: shape.c }) as ParameterSpace;

const at = Date.UTC(2026, 10, 29);
const opened = (storage = memoryStorage(), space: ParameterSpace = first, more = {}) =>
  createStudy<Params>({
    ...{ space, storage, sampler, direction: 'minimize', seed: 7, name: 's', clock: () => at },
    ...more,
  });
const recordOf = (storage: ReturnType<typeof memoryStorage>) =>
  studyRecord(storage, 's', { clock: () => at });

async function told(study: ReturnType<typeof opened>, count: number): Promise<void> {
  for (let k = 0; k < count; k++) {
    const { number, params } = await study.ask();
    await study.tell(number, { state: 'complete', value: Number(params['x']) });
  }
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('an edit', () => {
  it('is an event after which the study has another space, and every trial as it was told', async () => {
    const storage = memoryStorage();
    await told(opened(storage), 8);
    const before = replay(await storage.read('s', 0)).trials;
    const result = await recordOf(storage).edit({ space: narrow.description });
    const outside = before.filter(({ params: { x } }) => Number(x) < 0 || Number(x) > 0.5);
    expect(outside.length).toBeGreaterThan(0);
    expect(result).toEqual({ changed: true, outside: outside.map(({ number }) => number), dequeued: [] });
    const state = replay(await storage.read('s', 0));
    expect(state.trials).toEqual(before);
    expect(state.space).toEqual(narrow.description);
    expect(state.created?.space).toEqual(first.description);
    expect(state.edits).toEqual([
      { event: state.length - 1, at, trials: 8, space: true, before: first.description, values: {} },
    ]);
    const study = opened(storage, narrow);
    expect((await study.trials()).map(({ outside: _, ...trial }) => trial)).toEqual(before);
    await told(study, 10);
    for (const { params } of (await study.trials()).slice(8))
      expect(() => narrow.encode(params)).not.toThrow();
    expect((await recordOf(storage).edit({ space: narrow.description })).changed).toBe(false);
  });

  it('says of the best trial that it is outside of the space', async () => {
    const storage = memoryStorage();
    await told(opened(storage), 12);
    await recordOf(storage).edit({ space: narrow.description });
    const study = opened(storage, narrow);
    const best = await study.best();
    expect(best?.outside).toContain('x is');
    expect(await study.trial(best!.number)).toEqual(best);
    expect((await study.trials()).filter(({ outside }) => outside === undefined).length).toBeGreaterThan(0);
  });

  it('refuses the old space afterwards, with the time, also of a study that was open', async () => {
    const storage = memoryStorage();
    const old = opened(storage);
    await told(old, 2);
    const { number } = await old.ask();
    await recordOf(storage).edit({ space: narrow.description });
    const refusal = /edited \(event \d+ at 2026-11-29T00:00:00.000Z\).*open it again with that/;
    await expect(opened(storage).trials()).rejects.toThrow(refusal);
    await expect(old.ask()).rejects.toThrow(refusal);
    await expect(old.enqueue({ x: -1, n: 1, c: 'a' })).rejects.toThrow(InvalidArgumentError);
    await expect(old.load([{ params: { x: -1, n: 1, c: 'a' }, value: 1 }])).rejects.toThrow(
      InvalidArgumentError,
    );
    // What it had asked for is told all the same.
    await old.tell(number, { state: 'complete', value: 3 });
    expect((await opened(storage, narrow).trials())[number]).toMatchObject({ state: 'complete', value: 3 });
  });

  it('shows samplers earlier trials with what was added and without what was removed', async () => {
    const storage = memoryStorage();
    await told(opened(storage), 3);
    await recordOf(storage).edit({ space: withRate.description, values: { rate: 0.01 } });
    await told(opened(storage, withRate), 2);
    await recordOf(storage).edit({ space: withoutN.description });
    await recordOf(storage).edit({ space: withRate.description, values: { n: 5, rate: 0.5 } });
    const seen: Params[][] = [];
    const study = opened(storage, withRate, {
      sampler: {
        ...sampler,
        sample: (request: Parameters<typeof sampler.sample>[0]) => {
          seen.push(request.trials.map(({ params }) => params));
          for (const { params } of request.trials) request.space.encode(params as never);
          return sampler.sample(request);
        },
      },
    });
    await study.ask();
    const own = (await study.trials()).map(({ params }) => params);
    expect(seen[0]).toEqual([
      ...own.slice(0, 3).map((params) => ({ ...params, rate: 0.01 })),
      ...own.slice(3, 5),
    ]);
    expect(own.slice(0, 3).every((params) => !('rate' in params))).toBe(true);
  });

  it('shows samplers the point of a trial outside, beyond the cube, and leaves out one that is far away', async () => {
    const storage = memoryStorage();
    const study = opened(storage);
    await study.load([-0.4, -1, 0.25].map((x) => ({ params: { x, n: 4, c: 'b' }, value: x })));
    await recordOf(storage).edit({ space: narrow.description });
    const seen: (readonly [number, number])[][] = [];
    const again = opened(storage, narrow, {
      sampler: {
        ...sampler,
        sample: (request: Parameters<typeof sampler.sample>[0]) => {
          seen.push(request.trials.map(({ number, params }) => [number, request.space.encode(params)[0]!]));
          return sampler.sample(request);
        },
      },
    });
    await again.ask();
    expect(seen[0]).toEqual([
      [0, expect.closeTo(-0.8, 12)],
      [2, expect.closeTo(0.5, 12)],
    ]);
  });

  it('ends a trial that nobody works on and that is not of the new space, instead of giving it out again', async () => {
    const storage = memoryStorage();
    const study = opened(storage);
    await study.enqueue({ x: -0.9, n: 1, c: 'a' });
    const { number } = await study.ask();
    await study.enqueue({ x: 0.25, n: 1, c: 'a' });
    const inside = await study.ask();
    for (const trial of [number, inside.number]) await study.release(trial);
    await recordOf(storage).edit({ space: narrow.description });
    const again = opened(storage, narrow);
    expect((await again.ask()).number).toBe(inside.number);
    expect(await again.trial(number)).toMatchObject({
      state: 'pruned',
      params: { x: -0.9, n: 1, c: 'a' },
      attributes: { outside: expect.stringContaining('x is -0.9') },
    });
  });

  it('takes from the queue what cannot be asked any more, and fills in what was added', async () => {
    const storage = memoryStorage();
    const study = opened(storage);
    for (const params of [{ x: -0.9, n: 1, c: 'a' }, { x: 0.25, n: 2, c: 'b' }, { n: 3 }, { x: 0.9 }])
      await study.enqueue(params);
    const space = searchSpace({ ...shape, x: uniform(0, 0.5), rate: logUniform(1e-4, 1) }) as ParameterSpace;
    const { dequeued } = await recordOf(storage).edit({ space: space.description, values: { rate: 0.01 } });
    expect(dequeued).toEqual([{ x: -0.9, n: 1, c: 'a' }, { x: 0.9 }]);
    const again = opened(storage, space);
    const asked = [await again.ask(), await again.ask()].map(({ params }) => params);
    expect(asked).toContainEqual({ x: 0.25, n: 2, c: 'b', rate: 0.01 });
    expect(asked).toContainEqual(expect.objectContaining({ n: 3 }));
  });

  it('changes limits, cost and repeat of the goal, and no direction', async () => {
    const storage = memoryStorage();
    await told(opened(storage), 2);
    const goal = {
      direction: 'minimize',
      constraints: [{ metric: 'value', atLeast: 5 }],
      cost: 'seconds',
    } as const;
    await recordOf(storage).edit({ goal });
    const state = replay(await storage.read('s', 0));
    expect(state.goal).toEqual(goal);
    await expect(opened(storage).trials()).rejects.toThrow(/constraints is .*edited/);
    expect(await opened(storage, first, goal).best()).toBeUndefined();
    await expect(recordOf(storage).edit({ goal: { direction: 'maximize' } })).rejects.toThrow(
      /goal.direction/,
    );
    const objectives = [{ metric: 'value', direction: 'minimize' as const }];
    await expect(recordOf(storage).edit({ goal: { direction: 'minimize', objectives } })).rejects.toThrow(
      /goal.objectives/,
    );
  });

  it('refuses what makes no sense, and then writes nothing', async () => {
    const storage = memoryStorage();
    await expect(recordOf(storage).edit({ space: narrow.description })).rejects.toThrow(StorageError);
    await told(opened(storage), 2);
    const { length } = await storage.read('s', 0);
    const edit = (space: unknown, values?: Params) =>
      recordOf(storage).edit({ space: space as never, values });
    const rate = withRate.description!;
    await expect(edit(rate)).rejects.toThrow(/values.rate is .*a value of the new parameter rate/);
    await expect(edit(rate, { rate: 7 })).rejects.toThrow(OutOfSpaceError);
    await expect(edit(rate, { rate: 0.1, lr: 1 })).rejects.toThrow(/values.lr/);
    await expect(edit({ ...first.description, n: uniform(0, 9).description })).rejects.toThrow(
      /the type of n/,
    );
    await expect(edit({ x: { type: 'real', low: 1, high: 0 } })).rejects.toThrow(InvalidArgumentError);
    await expect(edit([])).rejects.toThrow(InvalidArgumentError);
    await expect(recordOf(storage).edit({ values: { x: 1 } })).rejects.toThrow(/values/);
    expect(await storage.read('s', 0)).toHaveLength(length);

    const silent = memoryStorage();
    const { description: _, ...space } = first;
    await told(opened(silent, space as ParameterSpace), 1);
    await expect(recordOf(silent).edit({ space: first.description })).rejects.toThrow(UnsupportedError);
  });

  it('lets one of two that race win, and the other come after it', async () => {
    const storage = memoryStorage();
    await told(opened(storage), 3);
    const values = { rate: 0.1 };
    const results = await Promise.all([
      recordOf(storage).edit({ space: withRate.description, values }),
      recordOf(storage).edit({ space: withRate.description, values }),
      recordOf(storage).edit({ space: narrow.description }),
    ]);
    expect(results.map(({ changed }) => changed)).toEqual([true, false, true]);
    expect(replay(await storage.read('s', 0)).space).toEqual(narrow.description);
  });

  it('makes void a suggestion that was computed before it', async () => {
    const storage = memoryStorage();
    const old = opened(storage, first, {
      sampler: {
        ...sampler,
        sample: async (request: Parameters<typeof sampler.sample>[0]) => {
          await recordOf(storage).edit({ space: narrow.description });
          return sampler.sample(request);
        },
      },
    });
    await expect(old.ask()).rejects.toThrow(/edited/);
    expect(replay(await storage.read('s', 0)).trials).toEqual([]);
  });
});

/** A parameter of each name; its range follows from two numbers. */
const made: Readonly<Record<string, (a: number, b: number) => Parameter>> = {
  x: (a, b) => uniform(-1 - a, 1 + b),
  rate: (a, b) => logUniform(10 ** (-4 + 2 * a), 10 ** b),
  n: (a, b) => integer(Math.round(5 * a), 6 + Math.round(9 * b)),
  c: (a) => (a < 0.5 ? categorical('a', 'b') : categorical('b', 'c')),
  k: () => integer(1, 4),
};

function randomSpace(rng: Rng): ParameterSpace {
  const names = Object.keys(made).filter((name) => name === 'x' || rng.next() < 0.6);
  return spaceOf(
    Object.fromEntries(names.map((name) => [name, made[name]!(rng.next(), rng.next()).description])),
  );
}

describe('random edits and asks on a log on disk', () => {
  it.each(Array.from({ length: 16 }, (_, k) => k))(
    'keep every trial with its value, propose inside, and replay without a difference (sequence %i)',
    async (seed) => {
      const rng = seeded(`edits ${seed}`);
      const folder = mkdtempSync(join(tmpdir(), 'foothold-edits-'));
      folders.push(folder);
      let space = randomSpace(rng);
      const open = () => opened(fileStorage(folder) as never, space);
      const values = new Map<number, { readonly params: Params; readonly value: number }>();
      await open().trials();
      for (let step = 0; step < 30; step++) {
        if (rng.next() < 0.25) {
          const next = randomSpace(rng);
          const added = Object.keys(next.description!).filter((name) => !(name in space.description!));
          const middle = next.decode(new Float64Array(next.columns.length).fill(0.5));
          const given = Object.fromEntries(added.map((name) => [name, middle[name]!]));
          await studyRecord(fileStorage(folder), 's').edit({ space: next.description, values: given });
          space = next;
          continue;
        }
        const study = open();
        if (rng.next() < 0.2) {
          const { n, ...point } = space.decode(Float64Array.from(space.columns, () => rng.next()));
          await study.enqueue(rng.next() < 0.5 || n === undefined ? point : { n });
        }
        const { number, params } = await study.ask();
        expect(() => space.encode(params)).not.toThrow();
        const value = rng.next();
        if (rng.next() < 0.8) {
          await study.tell(number, { state: 'complete', value });
          values.set(number, { params, value });
        }
      }
      expect(readFileSync(join(folder, 's.jsonl'), 'utf8')).toContain('"type":"edited"');
      const trials = await open().trials();
      for (const [number, { params, value }] of values)
        expect(trials[number]).toMatchObject({ state: 'complete', params, value });
      let count = 0;
      const log = await open().log();
      for await (const { cause } of replaySuggestions({ events: log, space: spaceOf, sampler })) {
        expect(cause).toBeUndefined();
        count++;
      }
      expect(count).toBeGreaterThan(5);
    },
  );
});
