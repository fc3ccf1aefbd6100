import { type Column, type Dataset, type LinearAlgebra, largestOf, type PriorTask } from '@foothold/core';
import { matern52 } from '../../kernels/matern52.ts';
import { proportionOrigin } from '../../warps/value-transforms.ts';
import { maxCorrelatedTasks } from '../defaults.ts';
import {
  commonTransform,
  type OutcomeTransformKind,
  selectOutcomeTransform,
} from './select-outcome-transform.ts';
import { rescaledBasis, type SharedBasis, sharedBasis } from './shared-basis.ts';
import type { SharedKernel } from './shared-lengthscales.ts';
import { isUninformative, leaveOneOutR2s, taskCorrelations } from './task-quality.ts';
import { similarity } from './task-similarity.ts';
import { unrelatedShare } from './unrelated-share.ts';
import { sourceWeight, usableTasks } from './usable-tasks.ts';

/** What sources say about a new task before its first trial: a kernel, and a mean and covariance over the unit cube. */
export interface EmpiricalPrior {
  readonly linalg: LinearAlgebra;
  readonly names: readonly string[];
  /** Prior weights of the sources, not negative; undefined where all are equal. */
  readonly weights: readonly number[] | undefined;
  /** The largest prior weight that was given to a source, in (0, 1]. */
  readonly maxSourceWeight: number;
  /** The sources' transformed values. */
  readonly datasets: readonly Dataset[];
  /** Where every source has proportions: 0 for those in [0, 1], −1 for negated ones. Else undefined. */
  readonly proportionOrigin: 0 | -1 | undefined;
  /** How values that are no proportions are transformed. */
  readonly kind: OutcomeTransformKind;
  readonly shared: SharedKernel;
  readonly basis: SharedBasis;
  /**
   * The basis of the sources brought to one variance, the geometric mean of theirs, so that tasks with large differences do
   * not hide the others. Undefined where every source is standardized anyway, and for one to three sources.
   */
  readonly rescaledBasis: SharedBasis | undefined;
  /** Mean R² of the sources by leave-one-out, each in [0, 1]; 1 where all have too few rows. */
  readonly meanR2: number;
  /** Estimated share of tasks like these that have nothing in common with the mean of the others, in (0, 1). */
  readonly unrelatedShare: number;
  /** Names of sources that are left out: neither smooth nor like the others. */
  readonly ignored: readonly string[];
}

export interface PrepareSourcesOptions {
  readonly columns?: readonly Column[] | undefined;
  /** Backend; plain float64 JavaScript without it. */
  readonly linalg?: LinearAlgebra | undefined;
  /** Features of the new task, the same as the sources' `metaFeatures`: nearer sources then weigh more. */
  readonly metaFeatures?: readonly number[] | undefined;
}

/** The empirical prior of these sources; undefined where none has a finite row, or all values are the same. */
export async function empiricalPriorOf(
  sources: readonly PriorTask[],
  { columns, metaFeatures, linalg: given }: PrepareSourcesOptions,
): Promise<EmpiricalPrior | undefined> {
  const usable = usableTasks(sources, columns?.length);
  const first = usable[0];
  if (!first) return undefined;
  const linalg = given ?? (await import('../../inference/plain-backend.ts')).cpu;
  const origin = proportionOrigin(usable.map(({ data }) => data));
  const kernel = matern52(columns ?? continuousColumns(first.data.x.columns));
  const tasks = usable.map(({ data }) => data);
  const { kind, datasets, shared } =
    origin === undefined && usable.length <= maxCorrelatedTasks
      ? await selectOutcomeTransform(tasks, kernel, linalg)
      : await commonTransform(tasks, kernel, { origin, linalg });
  const weights = priorWeights(usable, metaFeatures);
  const r2s = await leaveOneOutR2s(datasets, shared, linalg);
  const all = await sharedBasis(datasets, shared, { linalg, weights });
  const isOut = isUninformative(r2s, taskCorrelations(all.taskValues), {
    points: all.inducingPoints.rows,
    rows: datasets.map(({ y }) => y.length),
  });
  const kept = usable.flatMap((_, j) => (isOut[j] ? [] : [j]));
  if (kept.length === 0 || !(all.variance + all.meanSquare > 1e-20)) return undefined;
  const pick = <T>(items: readonly T[]): T[] => kept.map((j) => items[j]!);
  const own = pick(datasets);
  const setting = { linalg, weights: weights && pick(weights) };
  const basis = kept.length === usable.length ? all : await sharedBasis(own, shared, setting);
  const isRescaled = origin !== undefined && own.length > maxCorrelatedTasks;
  return {
    linalg,
    names: pick(usable).map(({ name }) => name),
    weights: setting.weights,
    maxSourceWeight: largestOf(pick(usable).map(sourceWeight)),
    datasets: own,
    proportionOrigin: origin,
    kind,
    shared,
    basis,
    rescaledBasis: isRescaled ? await rescaledBasis(basis, scaleFactors(own), setting) : undefined,
    unrelatedShare: unrelatedShare(taskCorrelations(basis.taskValues)),
    meanR2: meanOf(pick(r2s)),
    ignored: usable.flatMap(({ name }, j) => (kept.includes(j) ? [] : [name])),
  };
}

/** Mean of the known ones, each drawn into [0, 1]; 1 where none is known. */
function meanOf(r2s: readonly (number | undefined)[]): number {
  const known = r2s.filter((v) => v !== undefined);
  if (known.length === 0) return 1;
  return known.reduce((a, v) => a + Math.min(Math.max(v, 0), 1), 0) / known.length;
}

/** The geometric mean of the datasets' standard deviations over each one's own; 1 for one that is constant. */
function scaleFactors(datasets: readonly Dataset[]): number[] {
  const standardDeviations = datasets.map(({ y }) => {
    const mean = y.reduce((a, v) => a + v, 0) / y.length;
    return Math.sqrt(y.reduce((a, v) => a + (v - mean) ** 2, 0) / y.length);
  });
  const largest = largestOf(standardDeviations);
  const known = standardDeviations.filter((v) => v > 1e-9 * largest);
  const typical = Math.exp(known.reduce((a, v) => a + Math.log(v), 0) / Math.max(known.length, 1));
  return standardDeviations.map((v) => (v > 1e-9 * largest ? typical / v : 1));
}

function continuousColumns(d: number): Column[] {
  return Array.from({ length: d }, (_, i) => ({ kind: 'continuous' as const, name: `x${i}` }));
}

/** Weight times similarity of each source; undefined where all are equal. */
function priorWeights(
  sources: readonly PriorTask[],
  metaFeatures: readonly number[] | undefined,
): readonly number[] | undefined {
  const similarities = metaFeatures && similarity(sources, metaFeatures);
  if (sources.every((source) => sourceWeight(source) === 1)) return similarities;
  return sources.map((source, j) => sourceWeight(source) * (similarities?.[j] ?? 1));
}
