/**
 * Ways to choose the next row of a table, each for one target with the other tasks as its sources.
 *
 * The rows are the only candidates, and no sampler of the library searches such a list: the models and the first points are
 * the shipped ones, the choice among the rows is made here.
 */
import { logExpectedImprovement } from '@foothold/acquisitions';
import {
  type Column,
  type Dataset,
  matrix,
  matrixOf,
  type Posterior,
  type PriorTask,
  rowOf,
  type Surrogate,
  seeded,
} from '@foothold/core';
import {
  autoTransfer,
  empiricalPrior,
  gaussianProcess,
  prepareSources,
  rankingWeighted,
  residualTransfer,
  twoStage,
} from '@foothold/gp-models';
import type { wasm } from '@foothold/linalg';
import { averagedUtility, promisingPoints } from '@foothold/samplers';
import type { Table } from './transfer-tables.ts';

/** The next row of the table, −1 where this chooser has none. */
export type Chooser = (seen: readonly number[], y: Float64Array) => Promise<number>;
export interface Problem {
  readonly table: Table;
  readonly sources: readonly PriorTask[];
  /** What random rows and draws of models follow from. */
  readonly seed: string;
  readonly linalg: Awaited<ReturnType<typeof wasm>>;
}

/** The methods by name; those of `seededMethods` depend on a seed. */
export const methods: Readonly<Record<string, (problem: Problem) => Chooser | Promise<Chooser>>> = {
  random: (problem) => randomRows(problem, problem.table.x.rows),
  plain: (problem) =>
    startedBy(randomRows(problem, 3), modelChooser(problem.table, plainOf(problem), problem.seed)),
  portfolio: (problem) => portfolio(problem, problem.table.x.rows),
  'portfolio then plain': async (problem) =>
    startedBy(await portfolio(problem, 5), modelChooser(problem.table, plainOf(problem), problem.seed)),
  residual: (problem) => onFirst(problem, residualTransfer(sourcesMean(problem), plainOf(problem))),
  'two-stage': (problem) => onFirst(problem, twoStage(problem.sources, tabulating(problem))),
  'ranking-weighted': (problem) => onFirst(problem, rankingWeighted(problem.sources, tabulating(problem))),
  'empirical prior': (problem) => {
    const { sources, linalg } = problem;
    return onFirst(problem, empiricalPrior(sources, { columns: columnsOf(problem), linalg }));
  },
  auto: (problem) => {
    const { sources, linalg } = problem;
    const columns = columnsOf(problem);
    return onFirst(
      problem,
      autoTransfer(sources, { plain: plainOf(problem), columns, linalg, probabilityMatching: true }),
    );
  },
};
export const seededMethods: ReadonlySet<string> = new Set(['random', 'plain', 'auto']);

export function sourcesOf(table: Table, target: number): PriorTask[] {
  return table.y.flatMap((y, j) =>
    j === target ? [] : [{ name: table.names[j]!, data: { x: table.x, y } }],
  );
}

function columnsOf({ table }: Problem): Column[] {
  return Array.from({ length: table.x.columns }, (_, i) => ({ kind: 'continuous', name: `x${i}` }));
}

function plainOf(problem: Problem): Surrogate {
  return gaussianProcess({ columns: columnsOf(problem), linalg: problem.linalg });
}

/** The most promising row first, then the model; a cold start where the sources promise nothing. */
async function onFirst(problem: Problem, surrogate: Surrogate): Promise<Chooser> {
  const { table, seed } = problem;
  const first = await portfolio(problem, 1);
  return (await first([], new Float64Array(0))) < 0
    ? startedBy(randomRows(problem, 3), modelChooser(table, plainOf(problem), seed))
    : startedBy(first, modelChooser(table, surrogate, seed));
}

async function portfolio({ table, sources, linalg }: Problem, count: number): Promise<Chooser> {
  const columns = columnsOf({ table } as Problem);
  const values = await prepareSources(sources, { columns, linalg }).values();
  const order = values ? promisingPoints(values, count).map((point) => rowIndex(table, point)) : [];
  return async (seen) => order[seen.length] ?? -1;
}

function randomRows({ table, seed }: Problem, count: number): Chooser {
  const rng = seeded('start').fork(seed);
  const order = Array.from({ length: table.x.rows }, (_, i) => [rng.fork(i).next(), i] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, i]) => i);
  return async (seen) => (seen.length < count ? order.find((i) => !seen.includes(i))! : -1);
}

/** The first chooser until it gives none, then the second. */
function startedBy(first: Chooser, second: Chooser): Chooser {
  return async (seen, y) => {
    const next = await first(seen, y);
    return next >= 0 ? next : second(seen, y);
  };
}

/** Largest log expected improvement over the rows that are left. Models that draw do so by `seed` and the number of rows. */
function modelChooser(table: Table, surrogate: Surrogate, seed: string): Chooser {
  let previous: Posterior | undefined;
  return async (seen, y) => {
    const data: Dataset = {
      x: matrixOf(seen.map((i) => rowOf(table.x, i))),
      y: Float64Array.from(seen, (i) => y[i]!),
    };
    previous = await surrogate.fit(data, { rng: seeded(seed).fork(seen.length), previous });
    const belief = previous.latent ?? { posterior: previous, data };
    const taken = new Set(seen);
    const left = Array.from({ length: table.x.rows }, (_, i) => i).filter((i) => !taken.has(i));
    const x = matrixOf(left.map((i) => rowOf(table.x, i)));
    const utility = await logExpectedImprovement({ incumbent: 'observed' }).prepare({
      ...belief,
      rng: seeded(0),
    });
    const marginals = await belief.posterior.marginals(x);
    const mixture = marginals.components?.();
    const { value } = mixture
      ? averagedUtility(utility, mixture, { x, isLog: true, gradient: false })
      : utility(marginals, x);
    return left[value.reduce((best, v, k) => (v > value[best]! ? k : best), 0)]!;
  };
}

function rowIndex({ x }: Table, point: ArrayLike<number>): number {
  for (let i = 0; i < x.rows; i++) if (rowOf(x, i).every((v, j) => v === point[j])) return i;
  throw new Error('the point is no row of the table');
}

/** The sources' mean value of each row, known exactly. */
function sourcesMean({ table, sources }: Problem): Posterior {
  const mean = Float64Array.from(
    { length: table.x.rows },
    (_, i) => sources.reduce((sum, { data }) => sum + data.y[i]!, 0) / sources.length,
  );
  return atRows(table, { mean, variance: new Float64Array(mean.length) });
}

/** A posterior over the rows of the table alone. */
function atRows(
  table: Table,
  known: { readonly mean: Float64Array; readonly variance: Float64Array },
): Posterior {
  const index = new Map(Array.from({ length: table.x.rows }, (_, i) => [rowOf(table.x, i).join(), i]));
  return {
    marginals(x) {
      const rows = Array.from({ length: x.rows }, (_, i) => index.get(rowOf(x, i).join())!);
      return {
        mean: Float64Array.from(rows, (i) => known.mean[i]!),
        variance: Float64Array.from(rows, (i) => known.variance[i]!),
        gradient: () => matrix(x.rows, x.columns),
      };
    },
  };
}

const tabulated = new WeakMap<Table, Map<string, Promise<Posterior>>>();

/** The plain model, but what it believes of a whole task is computed once and looked up: a source serves many targets. */
function tabulating(problem: Problem): Surrogate {
  const { table } = problem;
  const plain = plainOf(problem);
  const known = tabulated.get(table) ?? new Map<string, Promise<Posterior>>();
  tabulated.set(table, known);
  return {
    async fit(data, context) {
      if (data.y.length !== table.x.rows) return plain.fit(data, context);
      const key = data.y.join();
      const posterior =
        known.get(key) ??
        Promise.resolve(plain.fit(data, context)).then(async (p) =>
          atRows(table, await p.marginals(table.x)),
        );
      known.set(key, posterior);
      return posterior;
    },
  };
}
