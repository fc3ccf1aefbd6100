import {
  type Column,
  type Dataset,
  type Kernel,
  type LinearAlgebra,
  type Matrix,
  matrix,
  type Posterior,
  type PriorTask,
  type Surrogate,
  transferWhy,
  type Why,
} from '@foothold/core';
import { product } from '../../kernels/combined.ts';
import { coregionalization } from '../../kernels/coregionalization.ts';
import { matern52 } from '../../kernels/matern52.ts';
import { fittedKernelOf } from '../../models/gaussian-posterior.ts';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { standardizationOf } from '../sources/prior-task-models.ts';
import { bestAndEvenRows } from '../sources/row-subsets.ts';
import { sourceWeight, usableTasks } from '../sources/usable-tasks.ts';

export interface MultiTaskOptions {
  readonly columns: readonly Column[];
  readonly linalg?: LinearAlgebra | undefined;
  /** Rank of the tasks' covariance beside its diagonal. Default: 1. */
  readonly rank?: number | undefined;
  /** Rows of all sources together that take part: a fit is cubic in them. Default: 300. */
  readonly rows?: number | undefined;
}

/**
 * One Gaussian process over all tasks: Matérn-5/2 over the columns times a covariance between tasks (intrinsic
 * coregionalization of low rank, LKJ prior), every task standardized by itself. Exact and cubic in all rows together:
 * for few sources. Throws InvalidArgumentError.
 */
export function multiTask(sources: readonly PriorTask[], options: MultiTaskOptions): Surrogate {
  const { columns, linalg, rank = 1, rows = 300 } = options;
  const usable = usableTasks(sources, columns.length);
  const tasks = usable.length + 1;
  const d = columns.length;
  const active = columns.map((_, i) => i);
  const wide: Column[] = [...columns, { kind: 'categorical', name: 'task', levels: tasks }];
  const between = coregionalization({ tasks, column: d, rank: Math.min(rank, tasks) });
  const model = gaussianProcess({
    kernel: product(matern52(wide, { active }), between),
    linalg,
    outputWarping: 'none',
  });
  const history = usable.map((source, t) => {
    const part = bestAndEvenRows(source.data, Math.max(Math.floor(rows / usable.length), 1));
    const task = taskOf(part, { task: t, tasks, ...standardizationOf(part) });
    return withWeightNoise(task, sourceWeight(source));
  });
  const names = usable.map(({ name }) => name);
  return {
    async fit(data, context) {
      const target = { task: tasks - 1, tasks, ...standardizationOf(data) };
      const all = stackedTasks([...history, taskOf(data, target)], d + 1);
      const posterior = await model.fit(all, context);
      const explanation = explanationOf(between, posterior, { names, column: d });
      return targetPosterior(posterior, target, explanation);
    },
  };
}

/** The task with noise for a source of a weight below 1: a weight of ½ adds the source's own variance. */
function withWeightNoise(task: Dataset, weight: number): Dataset {
  if (weight === 1) return task;
  const more = 1 / weight - 1;
  return { ...task, noise: task.y.map((_, i) => (task.noise?.[i] ?? 0) + more) };
}

/**
 * What the fitted task covariance says of the sources: their correlations ρ with the new task, and as gate the fraction
 * cᵀR⁻¹c of its prior variance that they explain together, divided in proportion to ρ².
 */
function explanationOf(
  between: Kernel,
  posterior: Posterior,
  { names, column }: { readonly names: readonly string[]; readonly column: number },
): Why {
  const size = between.theta.length;
  const theta = fittedKernelOf(posterior)?.theta.slice(-size) ?? between.theta;
  const tasks = names.length + 1;
  const points = matrix(tasks, column + 1);
  for (let t = 0; t < tasks; t++) points.data[t * (column + 1) + column] = (t + 0.5) / tasks;
  const b = between.withTheta(theta).covariance(points, points).data;
  const correlation = (s: number, t: number) =>
    b[s * tasks + t]! / Math.sqrt(b[s * tasks + s]! * b[t * tasks + t]!);
  const correlations = names.map((_, s) => correlation(s, tasks - 1));
  const total = correlations.reduce((sum, r) => sum + r * r, 0);
  const explained = explainedFraction(names.length, correlation);
  const weights = correlations.map((r) => (total > 0 ? (explained * r * r) / total : 0));
  return transferWhy('multi-task', { names, weights, correlations });
}

/** cᵀR⁻¹c for the correlations R among the first n tasks and c of each with task n, by elimination; in [0, 1]. */
function explainedFraction(n: number, correlation: (s: number, t: number) => number): number {
  const a = Array.from({ length: n + 1 }, (_, s) =>
    Array.from({ length: n + 1 }, (_, t) => correlation(s, t)),
  );
  for (let p = 0; p < n; p++)
    for (let s = p + 1; s <= n; s++) {
      const factor = a[s]![p]! / Math.max(a[p]![p]!, 1e-12);
      for (let t = p; t <= n; t++) a[s]![t] = a[s]![t]! - factor * a[p]![t]!;
    }
  return Math.min(Math.max(1 - a[n]![n]!, 0), 1);
}

interface Task {
  readonly task: number;
  readonly tasks: number;
  readonly mean: number;
  readonly standardDeviation: number;
}

function taskOf({ x, y, noise }: Dataset, { task, tasks, mean, standardDeviation }: Task): Dataset {
  return {
    x: withTask(x, { task, tasks }),
    y: y.map((v) => (v - mean) / standardDeviation),
    ...(noise && { noise: noise.map((v) => v / standardDeviation ** 2) }),
  };
}

function withTask(x: Matrix, { task, tasks }: Pick<Task, 'task' | 'tasks'>): Matrix {
  const d = x.columns;
  const result = matrix(x.rows, d + 1);
  for (let i = 0; i < x.rows; i++) {
    result.data.set(x.data.subarray(i * d, (i + 1) * d), i * (d + 1));
    result.data[i * (d + 1) + d] = (task + 0.5) / tasks;
  }
  return result;
}

/** A gradient without the column of the task. */
function withoutTask(wide: Matrix): Matrix {
  const d = wide.columns - 1;
  const result = matrix(wide.rows, d);
  for (let i = 0; i < wide.rows; i++)
    result.data.set(wide.data.subarray(i * (d + 1), i * (d + 1) + d), i * d);
  return result;
}

function stackedTasks(parts: readonly Dataset[], columns: number): Dataset {
  const rows = parts.reduce((sum, { x }) => sum + x.rows, 0);
  const x = matrix(rows, columns);
  const y = new Float64Array(rows);
  const noise = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    x.data.set(part.x.data, at * columns);
    y.set(part.y, at);
    if (part.noise) noise.set(part.noise, at);
    at += part.x.rows;
  }
  return noise.some((v) => v > 0) ? { x, y, noise } : { x, y };
}

/** The joint posterior at the new task, in its units. */
function targetPosterior(joint: Posterior, task: Task, explanation: Why): Posterior {
  const { mean, standardDeviation } = task;
  return {
    why: { ...joint.why, ...explanation },
    ...(joint.state && { state: joint.state }),
    async marginals(x) {
      const inner = await joint.marginals(withTask(x, task));
      const { gradient } = inner;
      return {
        mean: inner.mean.map((v) => mean + standardDeviation * v),
        variance: inner.variance.map((v) => standardDeviation ** 2 * v),
        ...(gradient && {
          async gradient(dMean: Float64Array, dVariance: Float64Array) {
            const wide = await gradient(
              dMean.map((v) => v * standardDeviation),
              dVariance.map((v) => v * standardDeviation ** 2),
            );
            return withoutTask(wide);
          },
        }),
      };
    },
    ...(joint.joint && {
      async joint(x: Matrix) {
        const inner = await joint.joint!(withTask(x, task));
        const { gradient } = inner;
        const scaled = (a: Matrix): Matrix => ({ ...a, data: a.data.map((v) => standardDeviation ** 2 * v) });
        return {
          mean: inner.mean.map((v) => mean + standardDeviation * v),
          covariance: scaled(inner.covariance),
          ...(gradient && {
            async gradient(dMean: Float64Array, dCovariance: Matrix) {
              return withoutTask(
                await gradient(
                  dMean.map((v) => v * standardDeviation),
                  scaled(dCovariance),
                ),
              );
            },
          }),
        };
      },
    }),
    ...(joint.condition && {
      condition: async (data: Dataset) =>
        targetPosterior(await joint.condition!(taskOf(data, task)), task, explanation),
    }),
  };
}
