/** The operations of a study against a model of a few lines, and many studies at once in every order, on every storage. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Storage, TrialStateError } from '@foothold/core';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { random } from '@foothold/samplers';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, fileStorage, type LocalStudy, memoryStorage, replay } from '@foothold/study';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { postgresStorage, sqliteStorage } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const postgres = postgresForTests();

let opened = 0;
/** Each gives what opens one new place, as another process would each time. */
const kinds: readonly [string, number, () => () => Storage][] = [
  [
    'memoryStorage',
    40,
    () => {
      const storage = memoryStorage();
      return () => storage;
    },
  ],
  [
    'fileStorage',
    15,
    () => {
      const place = join(folder, `${opened++}`);
      return () => fileStorage(place);
    },
  ],
  [
    'sqliteStorage',
    20,
    () => {
      const place = join(folder, `${opened++}.db`);
      return () => sqliteStorage(place, { synchronous: 'normal' });
    },
  ],
  [
    'postgresStorage',
    10,
    () => {
      const place = postgres.newAddress();
      return () => postgresStorage(place);
    },
  ],
];

type Params = { readonly x: number };
interface ModelTrial {
  state: 'running' | 'complete' | 'failed';
  value?: number;
  /** By step. */
  reports: Map<number, number>;
  /** True where the present study object asked for it; such a trial is not given out again. */
  held: boolean;
  readonly x?: number;
}
interface Model {
  readonly trials: ModelTrial[];
  readonly queue: number[];
}
interface Real {
  readonly open: () => Storage;
  storage: Storage;
  study: LocalStudy<Params>;
}

const openStudy = (storage: Storage, owner: string): LocalStudy<Params> =>
  createStudy({
    space: searchSpace({ x: uniform(0, 1) }),
    sampler: random(),
    direction: 'minimize',
    storage,
    name: 'model',
    seed: 5,
    lease: { owner, alive: () => true, retries: 1000 },
  });

/** A command of the model: what it expects, and what the study does. */
const command = (
  name: string,
  run: (model: Model, real: Real) => Promise<void>,
): fc.AsyncCommand<Model, Real> => ({
  check: () => true,
  run: async (model, real) => {
    await run(model, real);
    await expectSame(model, real.study);
  },
  toString: () => name,
});

async function expectSame({ trials, queue }: Model, study: LocalStudy<Params>): Promise<void> {
  const shown = (await study.trials()).map((trial) => ({
    number: trial.number,
    state: trial.state,
    ...(trial.state === 'complete' && { value: trial.value }),
    reports: trial.reports.map(({ step, value }) => [step, value]),
  }));
  expect(shown).toEqual(
    trials.map(({ state, value, reports }, number) => ({
      number,
      state,
      ...(state === 'complete' && { value }),
      reports: [...reports],
    })),
  );
  const best = trials
    .flatMap(({ state, value }) => (state === 'complete' ? [value!] : []))
    .sort((a, b) => a - b)[0];
  expect((await study.best())?.value).toBe(best);
  expect(replay(await study.log()).queue).toEqual(queue.map((x) => ({ x })));
}

/** The trial that the present object holds, chosen by any number; undefined where it holds none. */
const heldTrial = ({ trials }: Model, choice: number) => {
  const held = trials.flatMap((trial, number) => (trial.held ? [{ trial, number }] : []));
  return held[choice % Math.max(held.length, 1)];
};

const ask = () =>
  command('ask', async ({ trials, queue }, { study }) => {
    const { number, params } = await study.ask();
    const again = trials.findIndex(({ state, held }) => state === 'running' && !held);
    if (again >= 0) {
      expect(number).toBe(again);
      if (trials[again]!.x !== undefined) expect(params.x).toBe(trials[again]!.x);
      trials[again]!.held = true;
      trials[again]!.reports.clear();
      return;
    }
    expect(number).toBe(trials.length);
    const queued = queue.shift();
    if (queued !== undefined) expect(params).toEqual({ x: queued });
    trials.push({ state: 'running', reports: new Map(), held: true, x: params.x });
  });
const enqueue = (x: number) =>
  command(`enqueue ${x}`, async ({ queue }, { study }) => {
    await study.enqueue({ x });
    queue.push(x);
  });
const report = (choice: number, value: number) =>
  command(`report ${choice} ${value}`, async (model, { study }) => {
    const found = heldTrial(model, choice);
    if (!found) return;
    const step = found.trial.reports.size;
    expect(await study.report(found.number, step, value)).toBe('continue');
    found.trial.reports.set(step, value);
  });
const tell = (choice: number, value: number | undefined) =>
  command(`tell ${choice} ${value}`, async (model, { study }) => {
    const found = heldTrial(model, choice);
    if (!found) return;
    const outcome =
      value === undefined
        ? ({ state: 'failed', reason: 'none' } as const)
        : ({ state: 'complete', value } as const);
    await study.tell(found.number, outcome);
    found.trial.held = false;
    found.trial.state = outcome.state;
    if (value !== undefined) found.trial.value = value;
  });
const tellAgain = (choice: number) =>
  command(`tell ${choice} again`, async ({ trials }, { study }) => {
    const ended = trials.flatMap((trial, number) => (trial.state === 'complete' ? [{ trial, number }] : []));
    const found = ended[choice % Math.max(ended.length, 1)];
    if (!found) return;
    const value = found.trial.value!;
    await study.tell(found.number, { state: 'complete', value });
    await expect(study.tell(found.number, { state: 'complete', value: value + 1 })).rejects.toThrow(
      TrialStateError,
    );
  });
const release = (choice: number) =>
  command(`release ${choice}`, async (model, { study }) => {
    const found = heldTrial(model, choice);
    if (!found) return;
    await study.release(found.number);
    found.trial.held = false;
    found.trial.reports.clear();
  });
const reopen = () =>
  command('reopen', async ({ trials }, real) => {
    const next = real.open();
    if (next !== real.storage) await real.storage.close?.();
    real.storage = next;
    real.study = openStudy(next, 'model');
    await real.study.trials();
    for (const trial of trials) trial.held = false;
  });

const choice = fc.nat(5);
// Signed zero: JSON has one zero.
const value = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((number) => number || 0);
const commands = fc.commands(
  [
    fc.constant(undefined).map(ask),
    fc.double({ min: 0, max: 1, noNaN: true }).map((x) => enqueue(x || 0)),
    fc.tuple(choice, value).map(([at, number]) => report(at, number)),
    fc.tuple(choice, fc.option(value, { nil: undefined })).map(([at, number]) => tell(at, number)),
    choice.map(tellAgain),
    choice.map(release),
    fc.constant(undefined).map(reopen),
  ],
  { maxCommands: 25 },
);

describe.each(kinds)('a study on %s', (_, numRuns, newPlace) => {
  it('does what its model does, whatever the operations', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (all) => {
        const open = newPlace();
        let real: Real | undefined;
        const setup = async () => {
          const storage = open();
          real = { open, storage, study: openStudy(storage, 'model') };
          await real.study.trials();
          return { model: { trials: [], queue: [] } as Model, real };
        };
        try {
          await fc.asyncModelRun(setup, all);
        } finally {
          await real?.storage.close?.();
        }
      }),
      { numRuns, seed: 13 },
    );
  });

  it('gives each trial to one of several studies and keeps every tell, in every order of their calls', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(2), { minLength: 3, maxLength: 9 }),
        async (scheduler, turns) => {
          const open = newPlace();
          const storages = [0, 1, 2].map(open);
          const inTurn = (storage: Storage, who: number): Storage => ({
            ...storage,
            read: async (study, from) => {
              await scheduler.schedule(Promise.resolve(), `${who} reads`);
              return storage.read(study, from);
            },
            append: async (study, at, events) => {
              await scheduler.schedule(Promise.resolve(), `${who} appends`);
              return storage.append(study, at, events);
            },
            ...(storage.transact && {
              transact: async (study, from, plan) => {
                await scheduler.schedule(Promise.resolve(), `${who} transacts`);
                return storage.transact!(study, from, plan);
              },
            }),
          });
          const studies = storages.map((storage, who) => openStudy(inTurn(storage, who), `worker ${who}`));
          const told = new Map<number, number>();
          const work = turns.map(async (who, i) => {
            const { number } = await studies[who]!.ask();
            await studies[who]!.report(number, 0, i);
            await studies[who]!.tell(number, { state: 'complete', value: i });
            expect(told.has(number)).toBe(false);
            told.set(number, i);
          });
          await scheduler.waitFor(Promise.all(work));
          const state = replay<Params>(await storages[0]!.read('model', 0));
          expect(state.trials.length).toBe(turns.length);
          for (const [number, value] of told)
            expect(state.trials[number]).toMatchObject({
              state: 'complete',
              value,
              reports: [{ step: 0, value }],
            });
          expect(new Set(state.trials.map(({ params }) => params.x)).size).toBe(turns.length);
          for (const storage of new Set(storages)) await storage.close?.();
        },
      ),
      { numRuns, seed: 17 },
    );
  });
});
