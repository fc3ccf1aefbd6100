import { InvalidArgumentError, type Params, type Storage, UnsupportedError } from '@foothold/core';
import { integer, logUniform, type ParameterSpace, searchSpace, uniform } from '@foothold/space';
import { memoryStorage, replaySuggestions, type StudyRecord, studyRecord } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';
import { createStudy } from './create-study.ts';
import { learningRateShift } from './learning-rate-shift.ts';
import { loggedMultiFidelity } from './multi-fidelity/logged-multi-fidelity.ts';
import { multiFidelity } from './multi-fidelity/multi-fidelity.ts';
import { smallToLarge } from './small-to-large.ts';

const spaceIn = (shape: object) => searchSpace(shape as never) as unknown as ParameterSpace;
const [lr, drop, n] = [logUniform(1e-4, 1e-1), uniform(0, 0.9), integer(1, 6)];
const first = spaceIn({ lr, drop, n });
interface Edit {
  readonly to: ParameterSpace;
  readonly values?: Params;
}
const edits: Readonly<Record<string, Edit>> = {
  widen: { to: spaceIn({ lr: logUniform(1e-5, 1), drop, n: integer(0, 12) }) },
  narrow: { to: spaceIn({ lr: logUniform(1e-3, 1e-2), drop: uniform(0.3, 0.6), n: integer(2, 4) }) },
  'narrow to where no trial was': { to: spaceIn({ lr, drop: uniform(0.905, 0.95), n }) },
  add: { to: spaceIn({ lr, drop, n, decay: uniform(0, 1) }), values: { decay: 0.25 } },
  remove: { to: spaceIn({ lr, drop }) },
};
const lossOf = ({ lr: rate, drop: share, n: count = 3, decay = 0.25 }: Params) =>
  (Math.log10(Number(rate)) + 2.5) ** 2 +
  (Number(share) - 0.4) ** 2 +
  (Number(count) - 3) ** 2 / 9 +
  (Number(decay) - 0.5) ** 2;
const evaluation = (params: Params) => ({
  value: lossOf(params),
  metrics: { size: Number(params['n'] ?? 3) },
});

function expectInside(space: ParameterSpace, all: readonly Params[]): void {
  for (const params of all) expect(() => space.encode(params)).not.toThrow();
  expect(new Set(all.map((params) => JSON.stringify(params))).size).toBe(all.length);
}

describe('smallToLarge on studies that were edited', { timeout: 60_000 }, () => {
  const run = (storage: Storage, space: ParameterSpace, trials: readonly [number, number]) =>
    smallToLarge<Params>({
      ...{ space, storage, name: 'two', small: evaluation, large: evaluation },
      ...{ smallTrials: trials[0], largeTrials: trials[1] },
    });
  const records = (storage: Storage): readonly StudyRecord[] =>
    ['two-small', 'two-large'].map((name) => studyRecord(storage, name));

  it.each(Object.entries(edits))('goes on in both stages: %s', async (_, { to, values }) => {
    const storage = memoryStorage();
    await run(storage, first, [8, 3]);
    const before = await Promise.all(records(storage).map(async (record) => (await record.state()).trials));
    for (const record of records(storage)) await record.edit({ space: to.description, values });
    const { small, large, best } = await run(storage, to, [12, 6]);
    [small, large].forEach(({ trials }, stage) => {
      const told = trials.slice(0, before[stage]!.length).map(({ outside: __, ...trial }) => trial);
      expect(told).toEqual(before[stage]);
      expectInside(
        to,
        trials.slice(told.length).map(({ params }) => params),
      );
    });
    expect([small.trials.length, large.trials.length]).toEqual([12, 6]);
    expect(best.value).toBe(Math.min(...large.y));
    const source = (large.trials.at(-1)!.why?.['transfer'] ?? {}) as object;
    expect(JSON.stringify(source)).toContain('small');
  });

  it.each(Object.entries(edits))('begins the large problem after it: %s', async (name, { to, values }) => {
    const storage = memoryStorage();
    await run(storage, first, [10, 0]).catch(() => undefined);
    for (const record of records(storage)) await record.edit({ space: to.description, values });
    const { small, large } = await run(storage, to, [10, 2]);
    expectInside(
      to,
      large.trials.map(({ params }) => params),
    );
    const inside = small.trials.filter(({ outside }) => outside === undefined);
    if (name.includes('no trial')) expect(inside).toEqual([]);
    if (inside.length === 0) return;
    const values_ = inside.map((trial) => (trial.state === 'complete' ? trial.value : Infinity));
    const best = inside[values_.indexOf(Math.min(...values_))]!;
    const names = Object.keys(to.description!);
    const all = { ...values, ...best.params } as Params;
    expect(large.trials[0]!.params).toEqual(Object.fromEntries(names.map((of) => [of, all[of]])));
  });

  it('learns of a trial that lacks a parameter at the value that the edit gave', async () => {
    const storage = memoryStorage();
    await run(storage, first, [8, 1]);
    const { to, values } = edits['add']!;
    for (const record of records(storage)) await record.edit({ space: to.description, values });
    const { large } = await run(storage, to, [8, 3]);
    expect(JSON.stringify(large.trials.at(-1)!.why)).not.toContain('missing, takes');
    // So does a study that starts from an edited one.
    const small = createStudy({
      space: to,
      storage,
      name: 'two-small',
      direction: 'minimize',
      sampler: autoSampler(),
    });
    const next = createStudy<Params>({ space: to, direction: 'minimize', transfer: [small] });
    for (let k = 0; k < 2; k++) {
      const { number, params, why } = await next.ask();
      expect(JSON.stringify(why)).not.toContain('missing, takes');
      await next.tell(number, { state: 'complete', value: lossOf(params) });
    }
  });

  it('keeps the limits that an edit gave', async () => {
    const storage = memoryStorage();
    await run(storage, first, [8, 3]);
    const goal = { direction: 'minimize', constraints: [{ metric: 'size', atMost: 2 }] } as const;
    for (const record of records(storage)) await record.edit({ goal });
    const { small, large, best } = await run(storage, first, [14, 8]);
    expect(best.metrics?.['size']).toBeLessThanOrEqual(2);
    expect(small.best!.metrics?.['size']).toBeLessThanOrEqual(2);
    expect([small.trials.length, large.trials.length]).toEqual([14, 8]);
    for (const record of records(storage)) await record.edit({ goal: { direction: 'minimize' } });
    expect((await run(storage, first, [14, 9])).best.value).toBeLessThanOrEqual(best.value);
  });

  it('names the study whose space is another one still', async () => {
    const storage = memoryStorage();
    await run(storage, first, [4, 1]);
    const { to } = edits['widen']!;
    await records(storage)[1]!.edit({ space: to.description });
    await expect(run(storage, to, [6, 2])).rejects.toThrow(/space.lr is .*foothold edit/);
  });
});

describe('multiFidelity on a study that was edited', { timeout: 120_000 }, () => {
  const shift = (fromWidth: number) =>
    learningRateShift({ parameter: 'lr', fromWidth, toWidth: 9, exponent: -0.5 });
  const runs = {
    plain: [{ fidelity: 1 }, { fidelity: 3 }, { fidelity: 9 }],
    shifted: [{ fidelity: 1, shift: shift(1) }, { fidelity: 3, shift: shift(3) }, { fidelity: 9 }],
  };
  const run = (storage: Storage, space: ParameterSpace, more: object) =>
    multiFidelity<Params>({
      ...{ space, storage, name: 'many', budget: 25, fidelities: runs.plain },
      evaluate: (params, { fidelity }) => ({
        value: lossOf(params) + 1 / fidelity,
        metrics: { size: Number(params['n'] ?? 3) },
      }),
      ...more,
    });
  const recordOf = (storage: Storage) => studyRecord(storage, 'many');
  const withFidelity = ({ description }: ParameterSpace, choices = [1, 3, 9]) => ({
    ...description,
    fidelity: { type: 'ordinal' as const, choices },
  });

  const cases = Object.entries(edits).flatMap(([name, edit]) =>
    Object.entries(runs).map(([kind, fidelities]) => [name, kind, edit, fidelities] as const),
  );
  it.each(cases)(
    'goes on within the budget, inside, and replays: %s, %s',
    async (_, __, edit, fidelities) => {
      const { to, values } = edit;
      const storage = memoryStorage();
      await run(storage, first, { fidelities });
      const before = (await recordOf(storage).state()).trials;
      await recordOf(storage).edit({ space: withFidelity(to), values });
      const { study, spent, fidelities: stages } = await run(storage, to, { fidelities, budget: 55 });
      const trials = await study.trials();
      expect(trials.slice(0, before.length).map(({ outside: ___, ...trial }) => trial)).toEqual(before);
      expect(spent).toBeLessThanOrEqual(55);
      expect(spent).toBeGreaterThan(55 - 9);
      expect(spent).toBe(trials.reduce((sum, { params }) => sum + Number(params['fidelity']), 0));
      expect(stages.map((stage) => stage.trials.length).reduce((a, b) => a + b)).toBe(trials.length);
      const fresh = trials.slice(before.length).map(({ params }) => params);
      expect(fresh.length).toBeGreaterThan(2);
      expectInside(study.space as never, fresh);
      for (const { fidelity: ____, ...params } of fresh) expect(() => to.encode(params)).not.toThrow();
      const events = await study.log();
      let count = 0;
      for await (const { cause } of replaySuggestions({ events, ...loggedMultiFidelity() })) {
        expect(cause).toBeUndefined();
        count++;
      }
      expect(count).toBe(trials.length);
    },
  );

  it('takes a fidelity that was added, and says why one cannot be removed', async () => {
    const storage = memoryStorage();
    await run(storage, first, {});
    await recordOf(storage).edit({ space: withFidelity(first, [1, 3, 9, 18]) });
    const fidelities = [...runs.plain, { fidelity: 18 }];
    const { best, fidelities: stages } = await run(storage, first, { fidelities, budget: 120 });
    expect(best.params['fidelity']).toBeUndefined();
    expect(stages[3]!.trials.length).toBeGreaterThan(1);
    await recordOf(storage).edit({ space: withFidelity(first, [3, 9, 18]) });
    const fewer = run(storage, first, {
      fidelities: [3, 9, 18].map((fidelity) => ({ fidelity })),
      budget: 150,
    });
    await expect(fewer).rejects.toThrow(InvalidArgumentError);
    await expect(fewer).rejects.toThrow(
      /fidelities is \[3,9,18\], allowed is those of the study, with 1, at which trial \d+ was evaluated: an edit may add fidelities and not remove them/,
    );
  });

  it('says what to do about limits, which its sampler does not take, and goes on without them', async () => {
    const storage = memoryStorage();
    await run(storage, first, {});
    const goal = { direction: 'minimize', constraints: [{ metric: 'size', atMost: 2 }] } as const;
    await recordOf(storage).edit({ goal });
    await expect(run(storage, first, { budget: 60 })).rejects.toThrow(UnsupportedError);
    await expect(run(storage, first, { budget: 60 })).rejects.toThrow(
      'multiFidelity does not support limits (those of size in the study many): take them away with an edit (foothold edit many --limit none)',
    );
    await recordOf(storage).edit({ goal: { direction: 'minimize', constraints: [] } });
    expect((await run(storage, first, { budget: 60 })).spent).toBeGreaterThan(51);
  });

  it('says that an edit took the fidelity away', async () => {
    const storage = memoryStorage();
    await run(storage, first, {});
    await recordOf(storage).edit({ space: first.description });
    await expect(run(storage, first, { budget: 60 })).rejects.toThrow(/space.fidelity is .*edited/);
    await recordOf(storage).edit({ space: withFidelity(first), values: { fidelity: 9 } });
    expect((await run(storage, first, { budget: 60 })).spent).toBeGreaterThan(51);
  });
});
