import { type Json, type Params, type Sampler, type StudyEvent, seeded } from '@foothold/core';
import { type ReplayedSuggestion, replaySuggestions } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import {
  autoSampler,
  categorical,
  cmaEs,
  createStudy,
  integer,
  latinHypercube,
  memoryStorage,
  minimize,
  nsga2,
  optimize,
  random,
  searchSpace,
  sobol,
  tpe,
  uniform,
} from './index.ts';

const space = searchSpace({ x: uniform(-1, 1), n: integer(0, 9), c: categorical('a', 'b') });
const numeric = searchSpace({ x: uniform(-1, 1), y: uniform(0, 2) });
const costOf = ({ x, n = 0, c = 'a', y = 0 }: Params) =>
  Number(x) ** 2 + Number(n) / 10 + Number(y) + (c === 'a' ? 1 : 0);

/** A run of four evaluations at a time, of random durations, with failures, attributes and a note. */
async function parallelRun(
  seed: number,
  of: { readonly space: typeof space; readonly sampler?: Sampler; readonly trials: number },
) {
  const rng = seeded(seed);
  const storage = memoryStorage();
  const study = createStudy<Params>({
    ...of,
    space: of.space as never,
    direction: 'minimize',
    seed,
    storage,
  });
  await optimize(
    study,
    async (params, { number, note }) => {
      await new Promise((done) => setTimeout(done, Math.round(5 * rng.next())));
      await note({ attributes: { seconds: rng.next() }, note: 'evaluated here' });
      if (number % 9 === 8) throw new Error('diverged');
      return costOf(params);
    },
    { trials: of.trials, concurrency: 4 },
  );
  return study.log();
}

async function replayed(
  events: readonly StudyEvent[],
  of: { readonly space: unknown; readonly sampler: Sampler },
) {
  const all: ReplayedSuggestion[] = [];
  for await (const one of replaySuggestions({ events, space: of.space as never, sampler: of.sampler }))
    all.push(one);
  return all;
}

/** The log with all times changed, also those of leases, and without attributes and notes. */
function otherTimes(events: readonly StudyEvent[]): readonly StudyEvent[] {
  let at = 0;
  return events.map((event): StudyEvent => {
    at += 1000;
    if (event.type === 'noted') return { type: 'noted', at };
    return event.type === 'asked' ? { ...event, at, lease: { ...event.lease, until: at } } : { ...event, at };
  });
}

describe('suggestions are a function of the log and the seed', () => {
  it('in 5 parallel runs of the default sampler: none differs, whatever the times and notes are', {
    timeout: 120_000,
  }, async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const events = await parallelRun(seed, { space, trials: 14 });
      expect(events.every(({ at }) => at !== undefined)).toBe(true);
      for (const log of [events, otherTimes(events)]) {
        const all = await replayed(log, { space, sampler: autoSampler() });
        expect(all.length).toBe(14);
        expect(all.filter(({ cause }) => cause)).toEqual([]);
      }
    }
  });

  it.each([
    ['random', space, () => random()],
    ['sobol', space, () => sobol()],
    ['latin hypercube', space, () => latinHypercube()],
    ['tpe', space, () => tpe()],
    ['nsga2', space, () => nsga2({ population: 6 })],
    ['cma-es', numeric, () => cmaEs({ population: 5 })],
    ['trust region', numeric, () => autoSampler({ searchScope: 'trust-region' })],
    [
      'transfer',
      numeric,
      () => {
        const trials = [...Array(8).keys()].map((k) => ({ params: { x: k / 8, y: k / 4 }, value: k }));
        return autoSampler({ transfer: [{ name: 'earlier', trials }] });
      },
    ],
  ] as const)(
    'with %s, at other times and without notes too',
    { timeout: 60_000 },
    async (_, of, sampler) => {
      const events = await parallelRun(3, { space: of as never, sampler: sampler(), trials: 24 });
      for (const log of [events, otherTimes(events)]) {
        // Fresh samplers, which have seen nothing before.
        const all = await replayed(log, { space: of, sampler: sampler() });
        expect(all.length).toBe(24);
        expect(all.filter(({ cause }) => cause)).toEqual([]);
      }
    },
  );
});

describe('what logs say of the default sampler', () => {
  const configured = async (options: object) => {
    const study = createStudy({ space, direction: 'minimize', ...options });
    await study.ask();
    const events = await study.log();
    return events.find(({ type }) => type === 'configured') as { sampler: Json; program: string };
  };

  it('are the options that were given, and the program', async () => {
    expect(await configured({})).toMatchObject({
      sampler: { name: 'auto', options: {} },
      program: expect.stringMatching(/^foothold \d+\.\d+\.\d+/),
    });
    const trials = [{ params: { x: 0, n: 1, c: 'a' }, value: 1 }];
    expect(
      await configured({
        trials: 9,
        initialTrials: 3,
        transfer: [{ name: 'old', trials, weight: 0.5 }],
        program: 'mine 2',
      }),
    ).toMatchObject({
      sampler: {
        name: 'auto',
        options: { initialTrials: 3, transfer: [{ name: 'old', trials: 1, weight: 0.5 }] },
        plannedTrials: 9,
      },
      program: 'mine 2',
    });
  });

  it('are the same for the sampler itself', async () => {
    expect((await configured({ sampler: autoSampler({ initialTrials: 3 }) })).sampler).toEqual(
      (await configured({ initialTrials: 3 })).sampler,
    );
  });
});

it('minimize gives its trials real times, and renews leases with the clock that it has', async () => {
  const before = Date.now();
  const storage = memoryStorage();
  const { trials, study } = await minimize(
    async ({ x }) => {
      await new Promise((done) => setTimeout(done, 120));
      return x * x;
    },
    numeric,
    { trials: 2, storage, lease: { ms: 90 } },
  );
  for (const { startedAt, finishedAt } of trials) {
    expect(startedAt).toBeGreaterThanOrEqual(before);
    expect(finishedAt).toBeGreaterThanOrEqual(startedAt!);
    expect(finishedAt).toBeLessThanOrEqual(Date.now());
  }
  const asked = (await study.log()).filter(({ type }) => type === 'asked');
  expect(asked.length).toBeGreaterThan(2);
});
