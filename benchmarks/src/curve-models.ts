/**
 * How well kernels of learning curves predict the end of a training from its beginning, on LCBench.
 *
 * `pnpm bench curve-models [--quick] [--seeds N] [other] [KERNEL…]`: 30 random configurations trained to random steps, 8 of them
 * to the end. Log predictive density of the ends of the others in nats, rank correlation, and the regret of the three that
 * look best. `other` takes the tasks that defaults were chosen on.
 */
import { type Column, type Kernel, matrixOf, seeded } from '@foothold/core';
import { gaussianProcess, learningCurveKernel, matern52, product } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { spaceOf } from '@foothold/space';
import type { BenchOptions } from './bench-options.ts';
import {
  type LcbenchCurves,
  lcbenchCurves,
  lcbenchReference,
  lcbenchSpace,
  smallLargeTasks,
} from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';

const epochs = 52;
const steps = [3, 6, 13, 26, epochs];
const configurations = 30;
const ended = 8;

const kernels: Readonly<Record<string, (columns: readonly Column[]) => Kernel>> = {
  'asymptote, shared and own decay': (columns) => learningCurveKernel(columns, { fidelityColumn: 7 }),
  'asymptote, shared and own power law': (columns) =>
    learningCurveKernel(columns, { fidelityColumn: 7, decay: 'power-law' }),
  'asymptote and own decay (Swersky et al. 2014)': (columns) => held(columns, { 8: -12 }),
  'asymptote and shared decay': (columns) => held(columns, { 9: -12 }),
  'Matérn over all columns': (columns) => matern52(columns),
  'product of Matérn kernels': (columns) =>
    product(matern52(columns, { active: [0, 1, 2, 3, 4, 5, 6] }), matern52(columns, { active: [7] })),
};

/** The kernel with some numbers of theta held where they switch a part of it off. */
function held(columns: readonly Column[], at: Readonly<Record<number, number>>): Kernel {
  const wrap = (kernel: Kernel): Kernel => {
    const inner = kernel.withTheta(kernel.theta.map((u, k) => at[k] ?? u));
    const free = (gradient: Float64Array) => gradient.map((g, k) => (k in at ? 0 : g));
    return {
      ...inner,
      theta: kernel.theta,
      withTheta: (theta) => wrap(inner.withTheta(theta)),
      thetaGradient: (x, w) => free(inner.thetaGradient(x, w)),
      logPrior: () => {
        const { value, gradient } = inner.logPrior();
        return { value, gradient: free(gradient) };
      },
    };
  };
  return wrap(learningCurveKernel(columns, { fidelityColumn: 7 }));
}

export async function curveModels({ quick, seeds: given, words, emit }: BenchOptions): Promise<void> {
  const all: readonly string[] = words.includes('other') ? Object.keys(bestOfOthers) : smallLargeTasks;
  const tasks = quick ? all.slice(0, 2) : all;
  const seeds = given ?? (quick ? 1 : 3);
  const curves = await lcbenchCurves();
  const linalg = await wasm();
  const summary: Record<string, unknown> = {};
  const named = Object.keys(kernels).filter((name) => words.includes(name));
  for (const name of named.length > 0 ? named : Object.keys(kernels)) {
    const results: Result[] = [];
    for (const task of tasks)
      for (let seed = 0; seed < seeds; seed++) {
        const result = await predicted({ name, task, seed, curves, linalg });
        results.push(result);
        emit({ bench: 'curve-models', kernel: name, task, seed, ...result });
      }
    const mean = (of: (result: Result) => number) =>
      results.reduce((sum, result) => sum + of(result), 0) / results.length;
    summary[name] = {
      logDensity: mean((r) => r.logDensity),
      rankCorrelation: mean((r) => r.rankCorrelation),
      regret: mean((r) => r.regret),
      milliseconds: mean((r) => r.milliseconds),
    };
  }
  emit({ bench: 'curve-models', summary: { tasks: tasks.length, seeds, ...summary } });
}

interface Result {
  readonly logDensity: number;
  readonly rankCorrelation: number;
  readonly regret: number;
  readonly milliseconds: number;
}

async function predicted(options: {
  readonly name: string;
  readonly task: string;
  readonly seed: number;
  readonly curves: LcbenchCurves;
  readonly linalg: Awaited<ReturnType<typeof wasm>>;
}): Promise<Result> {
  const { name, task, seed, curves, linalg } = options;
  const base = lcbenchSpace();
  const space = spaceOf({ ...base.description, epochs: { type: 'int', low: 1, high: epochs } });
  const rng = seeded(`curve models ${task}`).fork(seed);
  const rows: Float64Array[] = [];
  const y: number[] = [];
  const ends: { readonly point: Float64Array; readonly value: number; readonly isTold: boolean }[] = [];
  for (let k = 0; k < configurations; k++) {
    const params = base.decode(Float64Array.from(base.columns, () => rng.next()));
    const curve = await curves(task, steps, params);
    const last = k < ended ? steps.length - 1 : Math.floor(rng.next() * (steps.length - 1));
    for (let s = 0; s <= last; s++) {
      rows.push(space.encode({ ...params, epochs: steps[s]! }));
      y.push(-curve[s]!);
    }
    const point = space.encode({ ...params, epochs });
    ends.push({ point, value: -curve.at(-1)!, isTold: k < ended });
  }
  const started = performance.now();
  const surrogate = gaussianProcess({ kernel: kernels[name]!(space.columns), linalg });
  const fitted = await surrogate.fit(
    { x: matrixOf(rows), y: Float64Array.from(y) },
    { rng: rng.fork('fit') },
  );
  const milliseconds = performance.now() - started;
  const open = ends.filter(({ isTold }) => !isTold);
  const { mean, variance } = await fitted.marginals(matrixOf(open.map(({ point }) => point)));
  const noise = fitted.noise ?? 0;
  const densities = open.map(({ value }, i) => {
    const v = variance[i]! + noise;
    return -0.5 * ((value - mean[i]!) ** 2 / v + Math.log(2 * Math.PI * v));
  });
  const values = open.map(({ value }) => value);
  const order = [...values.keys()].sort((i, j) => mean[j]! - mean[i]!);
  const { best, best_local = bestOfOthers[task] ?? best, median } = lcbenchReference()[task]!;
  const top = Math.max(...order.slice(0, 3).map((i) => values[i]!));
  return {
    logDensity: densities.reduce((a, b) => a + b, 0) / densities.length,
    rankCorrelation: correlation(ranks(values), ranks([...mean])),
    regret: (-top - best_local) / (median - best_local),
    milliseconds: Math.round(milliseconds),
  };
}

function ranks(values: readonly number[]): number[] {
  const result = new Array<number>(values.length);
  const order = [...values.keys()].sort((i, j) => values[i]! - values[j]!);
  for (const [rank, i] of order.entries()) result[i] = rank;
  return result;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((p, q) => p + q, 0) / v.length;
  const [p, q] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number) => a.reduce((total, _, i) => total + f(i), 0);
  return (
    sum((i) => (a[i]! - p) * (b[i]! - q)) /
    Math.sqrt(sum((i) => (a[i]! - p) ** 2) * sum((i) => (b[i]! - q) ** 2))
  );
}
