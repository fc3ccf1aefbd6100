import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { categorical, integer, logUniform, minimize, searchSpace } from '../index.ts';

const directory = mkdtempSync(join(tmpdir(), 'foothold-ends-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const space = searchSpace({ lr: logUniform(1e-4, 1), width: integer(1, 8) });
const fidelity = { name: 'epochs', max: 27 };
type Settings = { readonly lr: number; readonly width: number };
const curve = ({ lr, width }: Settings, epochs: number) =>
  (Math.log10(lr) + 2) ** 2 + (width - 3) ** 2 / 20 + 1 / Math.sqrt(epochs);

describe('where a study with a fidelity ends', () => {
  it('has a full training also where several workers spend the budget, for less than one more', async () => {
    for (const concurrency of [2, 4, 8]) {
      let spent = 0;
      const { best } = await minimize(
        async (given, { from, to }) => {
          await new Promise((done) => setTimeout(done));
          spent += to - from;
          return curve(given, to);
        },
        space,
        { fidelity, trials: 1, concurrency },
      );
      expect(best.params).toMatchObject({ epochs: 27 });
      expect(spent).toBeLessThan(2 * 27);
    }
  });
  it('spends no more than a fractional budget', async () => {
    let spent = 0;
    const objective = (given: Settings, { from, to }: { readonly from: number; readonly to: number }) => {
      spent += to - from;
      return curve(given, to);
    };
    await minimize(objective, space, { fidelity, budget: 54.5 });
    expect(spent).toBeLessThanOrEqual(54);
  });
  it('keeps what is enqueued in part up to the end of the budget', async () => {
    const objective = (given: Settings, { to }: { readonly to: number }) => curve(given, to);
    const enqueue = Array.from({ length: 12 }, (_, i) => ({ lr: 10 ** (-i / 4), width: 3 }));
    for (const trials of [1, 2, 3]) {
      const { best, stopped } = await minimize(objective, space, { fidelity, trials, enqueue });
      expect([stopped, best.params]).toEqual(['budget', expect.objectContaining({ epochs: 27 })]);
    }
  });
  it('passes over an enqueued piece behind one that goes further', async () => {
    const { trials } = await minimize((given, { to }) => curve(given, to), space, {
      fidelity,
      trials: 2,
      enqueue: [27, 9].map((epochs) => ({ lr: 0.5, width: 8, epochs }) as object),
    });
    expect(trials[0]!.params).toEqual({ lr: 0.5, width: 8, epochs: 27 });
  });
  it('ends the configurations of a finite space, whatever runs beside', async () => {
    const of = searchSpace({ a: categorical('x', 'y'), b: integer(1, 3) });
    for (const [seed, concurrency] of [1, 2, 4, 8].entries()) {
      const { trials, stopped } = await minimize(
        async ({ a, b }, { to }) => {
          await new Promise((done) => setTimeout(done));
          return (a === 'x' ? 0 : 1) + b + 1 / to;
        },
        of,
        { fidelity: { name: 'epochs', max: 8 }, trials: 12, seed, concurrency },
      );
      expect(stopped).toBe('exhausted');
      const ends = trials.filter((trial) => (trial.params as object as { epochs: number }).epochs === 8);
      expect(ends).toHaveLength(6);
    }
  });
  it('tells a result that is no evaluation as a failure, whose checkpoint does not count', async () => {
    const run = minimize(
      (given, { number, to }) => (number === 0 ? (null as never) : number === 1 ? NaN : curve(given, to)),
      space,
      { fidelity, trials: 2, checkpointDirectory: directory, name: 'no-values' },
    );
    const [one, two] = (await run).trials;
    expect(one).toMatchObject({ state: 'failed', reason: expect.stringMatching(/returned null/) });
    expect(two).toMatchObject({ state: 'failed', reason: expect.stringMatching(/value = NaN/) });
    for (const { number } of [one!, two!])
      expect(readdirSync(join(directory, 'no-values', String(number)))).not.toContain(
        expect.stringMatching(/-\d+$/),
      );
  });
});
