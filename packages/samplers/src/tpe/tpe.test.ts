import {
  type Column,
  InvalidArgumentError,
  type Params,
  positionOf,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  seeded,
  type Trial,
} from '@foothold/core';
import { categorical, integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { describeSampler, testFunctions } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { random } from '../random.ts';
import { type Centre, densityOf } from './density.ts';
import { tpe } from './tpe.ts';

describeSampler('tpe', () => tpe({ initialTrials: 4 }));

const columns: readonly Column[] = [
  { kind: 'continuous', name: 'u' },
  { kind: 'ordinal', name: 'n', levels: 7 },
  { kind: 'ordinal', name: 'batch', levels: 12, logFrom: 1 },
  { kind: 'categorical', name: 'c', levels: 3 },
];
const all = Uint8Array.of(1, 1, 1, 1);
const at = (u: number, levels: readonly [number, number, number], active = all): Centre => ({
  point: Float64Array.of(u, ...levels.map((level, j) => positionOf(columns[j + 1]!, level))),
  active,
});
const centres = [at(0.02, [0, 3, 1]), at(0.5, [6, 11, 1]), at(0.9, [3, 0, 2], Uint8Array.of(1, 0, 1, 1))];

/** Width of a level's cell in the unit cube. */
function cellWidth(column: Column, level: number): number {
  if (column.kind === 'continuous') return 1;
  if (column.kind === 'ordinal' && column.logFrom !== undefined)
    return Math.log((level + 1.5) / (level + 0.5)) / Math.log((column.levels + 0.5) / 0.5);
  return 1 / column.levels;
}

describe('the density', () => {
  it('integrates to one over real, whole, logarithmic and categorical columns', () => {
    const density = densityOf(columns, centres);
    const steps = 400;
    let total = 0;
    for (let i = 0; i < steps; i++)
      for (let n = 0; n < 7; n++)
        for (let b = 0; b < 12; b++)
          for (let c = 0; c < 3; c++) {
            const volume = cellWidth(columns[1]!, n) * cellWidth(columns[2]!, b) * cellWidth(columns[3]!, c);
            total += (Math.exp(density.logRatio(at((i + 0.5) / steps, [n, b, c]))) * volume) / steps;
          }
    expect(total).toBeCloseTo(1, 4);
  });

  it('draws what it says', () => {
    const density = densityOf(columns.slice(3), [{ point: Float64Array.of(0.5), active: all }]);
    const rng = seeded(1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 6000; i++) counts[Math.floor(3 * density.draw(rng)[0]!)]!++;
    counts.forEach((count, level) => {
      const ratio = density.logRatio({ point: Float64Array.of((level + 0.5) / 3), active: all });
      expect(count / 6000).toBeCloseTo(Math.exp(ratio) / 3, 1.5);
    });
  });

  it('is uniform without kernels, and where no kernel knows the column', () => {
    expect(densityOf(columns, []).logRatio(at(0.3, [1, 2, 0]))).toBeCloseTo(0, 14);
    const blind = [at(0.4, [2, 2, 1], Uint8Array.of(0, 1, 1, 1))];
    const density = densityOf(columns, blind);
    expect(density.logRatio(at(0.4, [2, 2, 1]))).toBe(density.logRatio(at(0.99, [2, 2, 1])));
    // A point without that column is compared on the others alone.
    expect(density.logRatio(at(0.1, [2, 2, 1], Uint8Array.of(0, 1, 1, 1)))).toBe(
      density.logRatio(at(0.4, [2, 2, 1])),
    );
  });
});

interface Run<P extends Params> {
  readonly space: SearchSpace<P>;
  readonly evaluate: (params: P) => number;
  readonly trials: number;
}

async function history<P extends Params>(
  sampler: Sampler,
  { space, trials: total }: Pick<Run<P>, 'space' | 'trials'>,
  rest: Partial<SampleRequest<P>> & {
    readonly seed: number;
    readonly outcome: (params: P) => { readonly value: number; readonly metrics?: Record<string, number> };
  },
): Promise<readonly Trial<P>[]> {
  const { seed, outcome, ...goal } = rest;
  const trials: Trial<P>[] = [];
  for (let number = 0; number < total; number++) {
    const rng = seeded(seed).fork(number);
    const [made] = await sampler.sample({ space, direction: 'minimize', ...goal, trials, count: 1, rng });
    trials.push({ number, params: made!.params, reports: [], state: 'complete', ...outcome(made!.params) });
  }
  return trials;
}

const seeds = [0, 1, 2, 3, 4, 5];
async function meanBest<P extends Params>(sampler: Sampler, run: Run<P>): Promise<number> {
  const found = await Promise.all(
    seeds.map(async (seed) => {
      const outcome = (params: P) => ({ value: run.evaluate(params) });
      const trials = await history(sampler, run, { seed, outcome });
      return Math.min(...trials.map((t) => (t.state === 'complete' ? t.value : Infinity)));
    }),
  );
  return found.reduce((s, v) => s + v, 0) / seeds.length;
}

function problem(name: string, trials: number): Run<Record<string, number>> {
  const f = testFunctions.find((t) => t.name === name)!;
  const shape = Object.fromEntries(Array.from(f.low, (low, i) => [`x${i}`, uniform(low, f.high[i]!)]));
  const space = searchSpace(shape) as unknown as SearchSpace<Record<string, number>>;
  return { space, trials, evaluate: (params) => f.evaluate(Object.values(params)) - f.minimum };
}

describe('tpe', () => {
  it.each(['branin', 'hartmann6', 'styblinski-tang6'])(
    'halves random search on %s over six seeds',
    async (name) => {
      const run = problem(name, 80);
      expect(await meanBest(tpe(), run)).toBeLessThan(0.5 * (await meanBest(random(), run)));
    },
  );

  it('beats random search on a mixed and on a conditional space over six seeds', async () => {
    const mixed = searchSpace({ x: uniform(-1, 1), n: integer(0, 30), c: categorical('a', 'b', 'c', 'd') });
    const f = ({ x, n, c }: ReturnType<typeof mixed.decode>) =>
      (x - 0.3) ** 2 + ((n - 17) / 10) ** 2 + { a: 1, b: 0.6, c: 0, d: 0.3 }[c];
    const run = { space: mixed, trials: 60, evaluate: f };
    expect(await meanBest(tpe(), run)).toBeLessThan(0.5 * (await meanBest(random(), run)));

    const conditional = searchSpace({
      kind: categorical('linear', 'deep'),
      c: logUniform(1e-4, 1e2).when('kind', 'linear'),
      layers: integer(1, 8).when('kind', 'deep'),
      rate: logUniform(1e-5, 1).when('kind', 'deep'),
    });
    const g = (p: ReturnType<typeof conditional.decode>) =>
      p.kind === 'linear'
        ? 1 + (Math.log10(Number(p.c)) / 4) ** 2
        : ((Number(p.layers) - 6) / 4) ** 2 + (Math.log10(Number(p.rate)) + 2.5) ** 2;
    const both = { space: conditional, trials: 60, evaluate: g };
    expect(await meanBest(tpe(), both)).toBeLessThan(0.5 * (await meanBest(random(), both)));
  });

  it('keeps outcome constraints in mind', async () => {
    const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
    const outcome = ({ x, y }: { x: number; y: number }) => ({ value: x + y, metrics: { gap: x * y } });
    const best = async (sampler: Sampler, seed: number) => {
      const constraints = [{ metric: 'gap', atLeast: 0.25 }];
      const trials = await history(sampler, { space, trials: 60 }, { seed, outcome, constraints });
      return Math.min(
        ...trials.map((t) => (t.state === 'complete' && t.metrics!['gap']! >= 0.25 ? t.value : Infinity)),
      );
    };
    for (const seed of seeds) {
      // The best is 1, at x = y = ½.
      expect(await best(tpe(), seed)).toBeLessThan(1.12);
    }
  });

  it('approaches a Pareto front', async () => {
    const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1), c: uniform(0, 1), d: uniform(0, 1) });
    const objectives = [
      { metric: 'value', direction: 'minimize' as const },
      { metric: 'second', direction: 'minimize' as const },
    ];
    const outcome = ({ a, b, c, d }: { a: number; b: number; c: number; d: number }) => {
      const g = 1 + 3 * (b + c + d);
      return { value: a, metrics: { second: g * (1 - Math.sqrt(a / g)) } };
    };
    const gapOf = async (sampler: Sampler, seed: number) => {
      const trials = await history(sampler, { space, trials: 100 }, { seed, outcome, objectives });
      // Mean of the ten smallest b + c + d, which is 0 on the front.
      const sums = trials.map(({ params: p }) => p.b + p.c + p.d).sort((p, q) => p - q);
      return sums.slice(0, 10).reduce((s, v) => s + v, 0);
    };
    for (const seed of [0, 1, 2])
      expect(await gapOf(tpe(), seed)).toBeLessThan(0.5 * (await gapOf(random(), seed)));
  });

  it('spreads parallel proposals', async () => {
    const run = problem('branin', 30);
    const outcome = (params: Record<string, number>) => ({ value: run.evaluate(params) });
    const trials = await history(tpe(), run, { seed: 1, outcome });
    const made = await tpe().sample({
      space: run.space,
      direction: 'minimize',
      trials,
      count: 8,
      rng: seeded(2),
    });
    expect(new Set(made.map((p) => JSON.stringify(p.params))).size).toBe(8);
  });

  it('refuses options that make no sense', () => {
    expect(() => tpe({ candidates: 0 })).toThrow(InvalidArgumentError);
    expect(() => tpe({ share: 1 })).toThrow(InvalidArgumentError);
  });
});
