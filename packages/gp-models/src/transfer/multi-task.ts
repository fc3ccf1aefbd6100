import {
  type Column,
  type Dataset,
  type LinearAlgebra,
  type Matrix,
  matrix,
  type Posterior,
  type Surrogate,
} from '@foothold/core';
import { gaussianProcess } from '../gaussian-process.ts';
import { product } from '../kernels/combined.ts';
import { matern52 } from '../kernels/matern52.ts';
import { coregionalization } from './coregionalization.ts';
import { representative } from './shared-basis.ts';
import { standardOf } from './source-models.ts';
import { type TransferSource, usableSources } from './transfer-source.ts';

export interface MultiTaskOptions {
  readonly columns: readonly Column[];
  readonly linalg?: LinearAlgebra | undefined;
  /** Rank of the tasks' covariance beside its diagonal, 1 unless told. */
  readonly rank?: number | undefined;
  /** Rows of all sources together that take part, 300 unless told: a fit is cubic in them. */
  readonly rows?: number | undefined;
}

/**
 * One Gaussian process over all tasks: Matérn-5/2 over the columns times a covariance between tasks (intrinsic
 * coregionalization of low rank, LKJ prior), every task standardized by itself. Exact and cubic in all rows together:
 * for few sources. Throws InvalidArgumentError.
 */
export function multiTask(sources: readonly TransferSource[], options: MultiTaskOptions): Surrogate {
  const { columns, linalg, rank = 1, rows = 300 } = options;
  const usable = usableSources(sources, columns.length);
  const tasks = usable.length + 1;
  const d = columns.length;
  const active = columns.map((_, i) => i);
  const wide: Column[] = [...columns, { kind: 'categorical', name: 'task', levels: tasks }];
  const model = gaussianProcess({
    kernel: product(
      matern52(wide, { active }),
      coregionalization({ tasks, column: d, rank: Math.min(rank, tasks) }),
    ),
    linalg,
    outputWarping: 'none',
  });
  const history = usable.map(({ data }, t) => {
    const part = representative(data, Math.max(Math.floor(rows / usable.length), 1));
    return taskOf(part, { task: t, tasks, ...standardOf(part) });
  });
  return {
    async fit(data, context) {
      const target = { task: tasks - 1, tasks, ...standardOf(data) };
      const all = stackedData([...history, taskOf(data, target)], d + 1);
      const posterior = await model.fit(all, context);
      return targetPosterior(posterior, target);
    },
  };
}

interface Task {
  readonly task: number;
  readonly tasks: number;
  readonly mean: number;
  readonly deviation: number;
}

function taskOf({ x, y, noise }: Dataset, { task, tasks, mean, deviation }: Task): Dataset {
  return {
    x: withTask(x, { task, tasks }),
    y: y.map((v) => (v - mean) / deviation),
    ...(noise && { noise: noise.map((v) => v / deviation ** 2) }),
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

function stackedData(parts: readonly Dataset[], columns: number): Dataset {
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

/** The joint belief at the new task, in its units. */
function targetPosterior(joint: Posterior, task: Task): Posterior {
  const { mean, deviation } = task;
  return {
    why: { ...joint.why, transfer: { method: 'multi-task' } },
    async marginals(x) {
      const inner = await joint.marginals(withTask(x, task));
      const { gradient } = inner;
      return {
        mean: inner.mean.map((v) => mean + deviation * v),
        variance: inner.variance.map((v) => deviation ** 2 * v),
        ...(gradient && {
          async gradient(dMean: Float64Array, dVariance: Float64Array) {
            const wide = await gradient(
              dMean.map((v) => v * deviation),
              dVariance.map((v) => v * deviation ** 2),
            );
            const result = matrix(x.rows, x.columns);
            for (let i = 0; i < x.rows; i++)
              result.data.set(
                wide.data.subarray(i * wide.columns, i * wide.columns + x.columns),
                i * x.columns,
              );
            return result;
          },
        }),
      };
    },
    ...(joint.condition && {
      condition: async (data: Dataset) => targetPosterior(await joint.condition!(taskOf(data, task)), task),
    }),
  };
}
