import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutcomeConstraint, Params, Sampler, SpaceDescription } from '@foothold/core';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import {
  bestTrial,
  createStudy,
  memoryStorage,
  pastTrials,
  replay,
  type StudyData,
  studyDataOf,
  studyRecord,
} from '@foothold/study';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { exportStudy } from './export-study.ts';
import { importStudy } from './import-study.ts';
import { describeWithOptuna, runScript, seenStudies } from './optuna-python.fixture.ts';
import { readSources } from './read-sources.ts';
import { readStudy } from './read-study.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-export-edited-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const x = { type: 'real', low: -1, high: 1 } as const;
const lr = { type: 'real', low: 1e-4, high: 1, log: true } as const;
const n = { type: 'int', low: 1, high: 9 } as const;
const w = { type: 'int', low: 0, high: 20, step: 4 } as const;
const c = { type: 'categorical', choices: ['a', 'b', null] } as const;
const rate = { type: 'real', low: 0, high: 1, step: 0.25 } as const;

/** The spaces that the study has, one after the other; each but the first is an edit. */
const steps: readonly { readonly space: SpaceDescription; readonly values?: Params }[] = [
  { space: { x, lr, n, w, c } },
  {
    space: { x: { ...x, low: 0.2 }, lr, n, w, c: { ...c, choices: ['d', 'b'] }, rate },
    values: { rate: 0.5 },
  },
  {
    space: {
      x: { ...x, low: 0.2, high: 4 },
      lr: { type: 'real', low: 0.01, high: 0.5 },
      w,
      c: { ...c, choices: ['d', 'b'] },
      rate,
    },
  },
  {
    space: {
      x: { ...x, low: 0.2, high: 4 },
      lr: { type: 'real', low: 0.01, high: 0.5 },
      w: { ...w, high: 30, step: 3 },
      c: { ...c, choices: ['b', 'd', 'e'] },
    },
  },
];
const present = steps.at(-1)!.space;

const sampler: Sampler = {
  name: 'uniform',
  supports: ['continuous', 'fixed', 'outcome-constraints'],
  sample: ({ space, rng, trials, fixed }) => {
    // A model would look at all of them.
    for (const { params } of trials) space.encode(params);
    return [{ params: { ...space.decode(Float64Array.from(space.columns, () => rng.next())), ...fixed } }];
  },
};

const opened = (storage: ReturnType<typeof memoryStorage>, space: SpaceDescription, more: object = {}) =>
  createStudy<Params>({
    ...{ space: spaceOf(space) as ParameterSpace, storage, sampler, direction: 'minimize' as const },
    ...{ name: 'mine', seed: 4, ...more },
  });

/** A study with every state before and after three edits, and what is running and enqueued. */
async function edited(limits: readonly OutcomeConstraint[] = []) {
  const storage = memoryStorage();
  let now = Date.UTC(2026, 10, 29);
  const clock = () => {
    now += 1000;
    return now;
  };
  for (const [step, { space, values }] of steps.entries()) {
    if (step > 0) await studyRecord(storage, 'mine', { clock }).edit({ space, values });
    const study = opened(storage, space, { clock, lease: { owner: `worker ${step}`, alive: () => true } });
    for (let k = 0; k < 8; k++) {
      const { number, params } = await study.ask({ attributes: { step } });
      if (k < 3) await study.report(number, 1, k);
      if (k === 2) await study.tell(number, { state: 'pruned' });
      else if (k === 3) await study.tell(number, { state: 'failed', reason: 'diverged' });
      else if (k === 4 && step === 1)
        continue; // still runs
      else
        await study.tell(number, {
          state: 'complete',
          ...(step > 1 && { metrics: { loss: 2 * k } }),
          value: Math.abs(Number(params['x']) + 0.4) + step / 10,
        });
    }
  }
  const goal = { direction: 'minimize', ...(limits.length > 0 && { constraints: limits }) } as const;
  await studyRecord(storage, 'mine', { clock }).edit({ goal });
  await opened(storage, present, { clock, ...goal }).enqueue({ x: 0.5 });
  return { storage, name: 'mine' };
}

const dataIn = async ({ storage, name }: Awaited<ReturnType<typeof edited>>) =>
  studyDataOf(replay(await storage.read(name, 0)))!;

const targets = [
  ['optuna', 'x.db'],
  ['optuna+journal', 'x.log'],
  ['json', 'x.json'],
] as const;

describe('an exported study that was edited', () => {
  it.each(targets)(
    'to %s is the same study when it is imported, and goes on as one',
    async (format, file) => {
      const from = await edited();
      const study = await dataIn(from);
      const place = join(folder, file);
      const { notes } = await exportStudy(from, { format, file: place });
      if (format !== 'json')
        expect(notes).toEqual([
          '1 running trials wait in Optuna with their parameters',
          '24 trials are from before an edit: Optuna has each with the ranges that it was asked for in',
          'c has the choices ["b","d","e","a",null] in Optuna, as earlier trials have them: a program that goes on there names these',
        ]);
      const storage = memoryStorage();
      await importStudy(place, { storage });
      const imported = { storage, name: 'mine' };
      expect(await dataIn(imported)).toEqual(study);
      // As the worker of the trial that runs, which nobody has in the copy: it is not of the present space.
      const lease = { owner: 'worker 1' };
      const [theirs, ours] = [opened(storage, present, { lease }), opened(from.storage, present, { lease })];
      expect(await theirs.trials()).toEqual(await ours.trials());
      expect(await theirs.pastTrials()).toEqual(await ours.pastTrials());
      expect(await theirs.best()).toEqual(await ours.best());
      for (let k = 0; k < 3; k++) {
        const [a, b] = [await theirs.ask(), await ours.ask()];
        expect({ ...a, startedAt: 0 }).toEqual({ ...b, startedAt: 0 });
        expect(() => spaceOf(present).encode(a.params)).not.toThrow();
        for (const of of [theirs, ours]) await of.tell(a.number, { state: 'complete', value: k });
      }
    },
  );

  it('to a table has an empty cell where a trial lacks a parameter, and says what an edit took for it', async () => {
    const from = await edited();
    const place = join(folder, 'x.csv');
    const { notes } = await exportStudy(from, { format: 'csv', file: place });
    expect(notes).toContain('trials from before an edit have empty cells for rate, which it took as 0.5');
    const [heading, ...lines] = readFileSync(place, 'utf8').trim().split('\r\n');
    const columns = heading!.split(',');
    const cells = lines.map((line) =>
      Object.fromEntries(line.split(',').map((cell, i) => [columns[i]!, cell])),
    );
    const { trials } = await dataIn(from);
    for (const [k, { params }] of trials.entries())
      for (const name of ['x', 'lr', 'n', 'w', 'rate'])
        expect(cells[k]![`params_${name}`]).toBe(name in params ? String(params[name]) : '');
    const [source] = await readSources(place, { parameters: Object.keys(present) });
    expect(source!.trials.length).toBe(trials.length);
  });

  it.each(targets.filter(([format]) => format === 'json'))(
    'is a source with what edits took for parameters that its trials lack: %s',
    async (format, file) => {
      const from = await edited();
      const place = join(folder, `source-${file}`);
      await exportStudy(from, { format, file: place });
      const [source] = await readSources(place);
      const { trials, edits } = await dataIn(from);
      expect(source!.trials).toEqual(pastTrials(trials, edits));
      expect(source!.trials[0]!.params).toMatchObject({ rate: 0.5 });
      const [own] = await readSources('mine', { storage: from.storage, folder: 'here' });
      expect(own!.trials.map(({ params }) => params)).toEqual(source!.trials.map(({ params }) => params));
    },
  );
});

/** One step of a study's life: an edit of the space, of the goal or of both, or a trial. */
const step = fc.record({
  kind: fc.constantFrom('space', 'goal', 'both', 'trial', 'reports'),
  high: fc.integer({ min: 2, max: 9 }),
  limit: fc.integer({ min: 0, max: 3 }),
});

describe('an exported study whose goal was edited', () => {
  it('has every edit with its goal, space and time when it is imported, and every trial with its reports', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (life) => {
        let now = 0;
        const clock = () => ++now;
        const storage = memoryStorage();
        const record = studyRecord(storage, 'mine', { clock });
        await opened(storage, { x }, { clock }).load([{ params: { x: 0 }, value: 1, metrics: { loss: 1 } }]);
        for (const { kind, high, limit } of life) {
          const { space, goal } = await record.state();
          if (kind === 'trial' || kind === 'reports') {
            const study = opened(storage, space!, { clock, ...goal });
            const { number } = await study.ask();
            if (kind === 'reports') await study.report(number, high, limit, { loss: high });
            await study.tell(number, { state: 'complete', value: high, metrics: { loss: limit } });
            continue;
          }
          const constraints = limit > 0 ? [{ metric: 'loss', atMost: limit }] : undefined;
          await record.edit({
            ...(kind !== 'goal' && { space: { x: { ...x, high } } }),
            ...(kind !== 'space' && { goal: { direction: 'minimize', ...(constraints && { constraints }) } }),
          });
        }
        const place = join(folder, 'goals.json');
        await exportStudy({ storage, name: 'mine' }, { format: 'json', file: place });
        const imported = memoryStorage();
        await importStudy(place, { storage: imported });
        expect(await dataIn({ storage: imported, name: 'mine' })).toEqual(
          await dataIn({ storage, name: 'mine' }),
        );
        const edits = async (of: typeof storage) =>
          (await of.read('mine', 0)).flatMap((event) => (event.type === 'edited' ? [event] : []));
        expect(await edits(imported)).toEqual(await edits(storage));
      }),
      { numRuns: 60 },
    );
  });
});

/** True where Optuna's distribution has the value. */
function fits(value: unknown, { name, attributes }: SeenDistribution): boolean {
  if (name === 'CategoricalDistribution') return attributes.choices!.includes(value);
  const { low, high, step } = attributes;
  if (typeof value !== 'number' || value < low! || value > high!) return false;
  if (step === null || step === undefined) return true;
  const levels = (value - low!) / step;
  return Math.abs(levels - Math.round(levels)) < 1e-8;
}

interface SeenDistribution {
  readonly name: string;
  readonly attributes: {
    readonly low?: number;
    readonly high?: number;
    readonly step?: number | null;
    readonly log?: boolean;
    readonly choices?: readonly unknown[];
  };
}

describeWithOptuna('an exported study that was edited', (python) => {
  const optunaVersion = Number.parseInt(python.version, 10) as 3 | 4 | 5;
  it.each(targets.slice(0, 2))(
    'to %s is valid in Optuna, with the same best trial, and goes on there',
    { timeout: 240_000 },
    async (format, ending) => {
      const from = await edited();
      const study = await dataIn(from);
      const file = join(folder, `${python.version}-${ending}`);
      await exportStudy(from, { format, file }, { optunaVersion });
      const [seen] = seenStudies(runScript(python, 'read-optuna.py', file));
      const [copied] = seenStudies(runScript(python, 'read-optuna.py', file, 'copy'));
      for (const { best, trials } of [seen!, copied!]) {
        expect(best).toBe(bestTrial(study.trials, study.goal)!.number);
        expectSame(study, trials.slice(0, study.trials.length));
      }
      const [longer] = seenStudies(runScript(python, 'read-optuna.py', file, 'continue-last'));
      expect(longer!.trials.length).toBe(study.trials.length + 2);
      // What somebody tried there is told here as well, whatever its choices were.
      const back = await readStudy(file, { fill: { n: 5, rate: 0.5 } });
      const complete = (of: StudyData) => of.trials.filter(({ state }) => state === 'complete').length;
      expect(complete(back.study)).toBe(complete(study) + 2);
    },
  );

  it('with limits that earlier trials have no figure for, has the same best trial', {
    timeout: 240_000,
  }, async () => {
    const from = await edited([{ metric: 'loss', atLeast: 10 }]);
    const study = await dataIn(from);
    const best = bestTrial(study.trials, study.goal)!;
    expect(best.number).toBeGreaterThan(bestTrial(study.trials, { direction: 'minimize' })!.number);
    for (const [format, ending] of targets.slice(0, 2)) {
      const file = join(folder, `${python.version}-limits-${ending}`);
      await exportStudy(from, { format, file }, { optunaVersion });
      const [seen] = seenStudies(runScript(python, 'read-optuna.py', file, 'copy'));
      // Optuna 3 does not look at constraints when it names the best trial.
      if (optunaVersion > 3) expect(seen!.best).toBe(best.number);
      expectSame(study, seen!.trials.slice(0, study.trials.length));
      expect((await readStudy(file)).study).toEqual(study);
    }
  });

  function expectSame(study: StudyData, trials: ReturnType<typeof seenStudies>[number]['trials']): void {
    for (const [k, ours] of study.trials.entries()) {
      const theirs = trials[k]!;
      if (ours.state === 'running') {
        expect(theirs).toMatchObject({ state: 'WAITING', fixed: ours.params });
        continue;
      }
      expect(theirs.params).toEqual(ours.params);
      expect(Object.keys(theirs.distributions).sort()).toEqual(Object.keys(ours.params).sort());
      for (const [name, distribution] of Object.entries(theirs.distributions))
        expect([name, fits(ours.params[name], distribution as SeenDistribution)]).toEqual([name, true]);
      if (ours.state === 'complete') expect(theirs.values).toEqual([ours.value]);
    }
    const ranges = trials.flatMap(({ distributions }) => {
      const { attributes } = (distributions['x'] ?? {}) as Partial<SeenDistribution>;
      return attributes ? [`${attributes.low} to ${attributes.high}`] : [];
    });
    expect(new Set(ranges)).toEqual(new Set(['-1 to 1', '0.2 to 1', '0.2 to 4']));
  }
});
