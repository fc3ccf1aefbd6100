import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConfiguredSampler, replaySuggestions } from '@foothold/study';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { curveSampler, successiveHalving } from '../curve-samplers.ts';
import {
  createStudy,
  integer,
  logUniform,
  maximize,
  memoryStorage,
  minimize,
  searchSpace,
  tpe,
} from '../index.ts';
import { program } from '../program.ts';

const directory = mkdtempSync(join(tmpdir(), 'foothold-pieces-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const shape = { lr: logUniform(1e-4, 1), width: integer(1, 8) };
const space = searchSpace(shape);
const fidelity = { name: 'epochs', max: 27 };
type Settings = { readonly lr: number; readonly width: number };
/** The value after so many epochs: falls as 1/√epochs towards the setting's own end. */
const curve = ({ lr, width }: Settings, epochs: number) =>
  (Math.log10(lr) + 2) ** 2 + (width - 3) ** 2 / 20 + 1 / Math.sqrt(epochs);

describe('minimize with a fidelity', () => {
  it('trains pieces that follow one another, within the budget, and answers with one at the largest fidelity', async () => {
    const epochOf = new Map<number, number>();
    let spent = 0;
    const { params, value, best, trials, stopped } = await minimize(
      async (given, { from, to, configuration, report }) => {
        expectTypeOf(given.lr).toEqualTypeOf<number>();
        expect(Object.keys(given).sort()).toEqual(['lr', 'width']);
        expect(epochOf.get(configuration) ?? 0).toBe(from);
        spent += to - from;
        for (let epoch = from + 1; epoch <= to; epoch++) await report(epoch, curve(given, epoch));
        epochOf.set(configuration, to);
        return curve(given, to);
      },
      space,
      { fidelity, trials: 10 },
    );
    expect(stopped).toBe('budget');
    expect(spent).toBeLessThanOrEqual(270);
    expect(spent).toBeGreaterThan(240);
    expect(best.params).toEqual({ ...params, epochs: 27 });
    expect(value).toBe(curve(params, 27));
    const atMax = trials.filter((trial) => (trial.params as Settings & { epochs: number }).epochs === 27);
    expect(value).toBe(
      Math.min(...atMax.map((trial) => (trial.state === 'complete' ? trial.value : Infinity))),
    );
    expect(trials.flatMap(({ reports }) => reports)).toHaveLength(spent);
  });
  it('has a full training also with the budget of one, and with configurations that fail', async () => {
    for (const trials of [1, 2])
      for (const isBroken of [() => false, ({ lr }: Settings) => lr > 0.5]) {
        const { best } = await maximize(
          (given, { to }) => {
            if (isBroken(given)) throw new Error('diverged');
            return -curve(given, to);
          },
          space,
          { fidelity, trials, seed: 3 },
        );
        expect(best.params).toMatchObject({ epochs: 27 });
      }
  });
  it('goes on from a stopped run as the whole one does, and is made again by replay', async () => {
    const storage = memoryStorage();
    const objective = (given: Settings, { to }: { readonly to: number }) => curve(given, to);
    const begin = minimize(objective, space, { fidelity, budget: 135, storage, name: 's' });
    await begin;
    const resumed = await minimize(objective, space, { fidelity, budget: 270, storage, name: 's' });
    expect(resumed.trials.length).toBeGreaterThan((await begin).trials.length);
    const events = await resumed.study.log();
    expect(events[0]).toMatchObject({
      goal: { fidelity },
      space: { epochs: { type: 'int', low: 1, high: 27 } },
    });
    let count = 0;
    const budgets = new Set<number>();
    const sampler = (configured?: ConfiguredSampler) => {
      const { budget } = configured!.options as { budget: number };
      budgets.add(budget);
      return curveSampler({ fidelity, budget });
    };
    for await (const { cause } of replaySuggestions({
      events,
      space: () => resumed.study.space,
      sampler,
      program,
    })) {
      expect(cause).toBeUndefined();
      count++;
    }
    expect(count).toBe(resumed.trials.length);
    expect([...budgets]).toEqual([135, 270]);
  });
  it('begins every piece at 0 where training does not continue, and counts that', async () => {
    const froms = new Set<number>();
    let spent = 0;
    await minimize(
      (given, { from, to }) => {
        froms.add(from);
        spent += to;
        return curve(given, to);
      },
      space,
      { fidelity: { ...fidelity, continues: false }, trials: 8 },
    );
    expect([...froms]).toEqual([0]);
    expect(spent).toBeLessThanOrEqual(8 * 27);
  });
  it('gives each piece a folder with what the piece before left, whatever a failed one did', async () => {
    const { trials, study, best } = await minimize(
      (given, { number, from, to, checkpoint }) => {
        const file = join(checkpoint!, 'epoch');
        const names = readdirSync(checkpoint!);
        expect(names).toEqual(from === 0 ? [] : ['epoch']);
        if (from > 0) expect(Number(readFileSync(file, 'utf8'))).toBe(from);
        writeFileSync(file, number % 4 === 1 ? 'half wri' : String(to));
        if (number % 4 === 1) throw new Error('killed while it wrote');
        return curve(given, to);
      },
      space,
      { fidelity, trials: 8, checkpointDirectory: directory, name: 'cnn' },
    );
    expect(
      trials.some(({ state, params }) => state === 'complete' && 'epochs' in params && params.epochs === 27),
    ).toBe(true);
    expect((await study.best())?.number).toBe(best.number);
    expect(readdirSync(join(directory, 'cnn')).length).toBeGreaterThan(3);
  });
  it('refuses what cannot be', async () => {
    const run = (options: object) =>
      minimize(() => 1, space, { fidelity, ...options } as { fidelity: typeof fidelity });
    for (const [options, message] of [
      [{ fidelity: { name: 'epochs', max: 1 } }, 'fidelity.max is 1'],
      [{ fidelity: { name: 'lr', max: 9 } }, 'fidelity.name is "lr", allowed is a name that no parameter'],
      [{ budget: 20 }, 'budget is 20, allowed is a finite number from 27 epochs'],
      [{ budget: 50, trials: 3 }, 'budget is 50'],
      [{ trials: 0 }, 'trials is 0, allowed is a whole number from 1'],
      [{ trials: '3' }, 'trials is "3"'],
      [{ method: 'auto' }, 'method is "auto", allowed is nothing beside a fidelity'],
      [{ fidelity: undefined, budget: 9 }, 'budget is 9, allowed is given with a fidelity alone'],
    ] as const)
      await expect(run(options)).rejects.toThrow(message);
    await expect(
      minimize(
        () => 1,
        searchSpace({ a: integer(1, 3), b: integer(1, 3) }, { constraints: [({ a, b }) => a < b] }),
        {
          fidelity,
        },
      ),
    ).rejects.toThrow(/fidelity/);
  });
});

/** With the fidelity, as a study has it. */
const whole = searchSpace({ ...shape, epochs: integer(1, 27) });

describe('a study with a fidelity', () => {
  it('gives two workers different configurations, takes reports of the piece alone, and refuses another fidelity', async () => {
    const storage = memoryStorage();
    const sampler = successiveHalving({ fidelity, sampler: tpe() });
    const open = (owner: string, more = {}) =>
      createStudy({
        space: whole,
        fidelity,
        sampler,
        direction: 'minimize',
        storage,
        lease: { owner, alive: () => true },
        ...more,
      });
    const [a, b] = [open('a'), open('b')];
    for (let round = 0; round < 30; round++) {
      const both = [await a.ask(), await b.ask()];
      const [one, two] = both.map(({ piece }) => piece!);
      expect(one!.configuration).not.toBe(two!.configuration);
      for (const [i, { number, params, piece }] of both.entries()) {
        const study = [a, b][i]!;
        await expect(study.report(number, piece!.from, 1)).rejects.toThrow(
          `a step from ${piece!.from + 1} to ${piece!.to}`,
        );
        await expect(study.report(number, piece!.to + 1, 1)).rejects.toThrow('a step from');
        expect(await study.report(number, piece!.to, curve(params, piece!.to))).toBe('continue');
        await study.tell(number, { state: 'complete', value: curve(params, piece!.to) });
      }
    }
    expect(
      (await a.trials()).some(({ params }) => (params as object as { epochs: number }).epochs === 27),
    ).toBe(true);
    await expect(
      open('c', {
        space: searchSpace({ ...shape, epochs: integer(1, 9) }),
        fidelity: { name: 'epochs', max: 9 },
      }).ask(),
    ).rejects.toThrow('space.epochs');
    await expect(open('c', { fidelity: { ...fidelity, continues: false } }).ask()).rejects.toThrow(
      'fidelity is',
    );
  });
  it('asks what is enqueued when its configuration is free, and takes from the queue what has been reached', async () => {
    const sampler = successiveHalving({ fidelity });
    const study = createStudy({ space: whole, fidelity, sampler, direction: 'minimize' });
    const at = (epochs: number) => ({ lr: 0.1, width: 2, epochs });
    await study.enqueue(at(8));
    await study.enqueue(at(20));
    const first = await study.ask();
    expect(first.piece).toEqual({ configuration: 0, from: 0, to: 8 });
    const other = await study.ask();
    expect(other.piece!.configuration).toBe(1);
    await study.tell(0, { state: 'complete', value: 1 });
    expect((await study.ask()).piece).toEqual({ configuration: 0, from: 8, to: 20 });
    await study.tell(2, { state: 'failed', reason: 'out of memory' });
    await study.enqueue(at(6));
    await expect(study.ask()).rejects.toThrow('configuration 0 has reached epochs 8 already');
    await study.enqueue(at(27));
    expect((await study.ask()).piece).toEqual({ configuration: 0, from: 8, to: 27 });
    expect(await study.best()).toBeUndefined();
    await study.tell(3, { state: 'complete', value: 2 });
    expect((await study.best())?.number).toBe(3);
  });
});
