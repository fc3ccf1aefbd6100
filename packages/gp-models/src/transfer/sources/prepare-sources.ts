/** What sources teach before the new study begins: a common scale, a kernel, a prior over functions. */
import type { Column, Dataset, Kernel, LinearAlgebra } from '@foothold/core';
import { matern52 } from '../../kernels/matern52.ts';
import { logOdds, type OutcomeTransform, proportionOrigin } from '../../warps/outcome-transform.ts';
import { type PriorTask, sourceWeight, usableTasks } from './prior-task.ts';
import {
  type OutcomeTransformKind,
  outcomeTransformOf,
  selectOutcomeTransform,
} from './select-outcome-transform.ts';
import { rescaledBasis, type SharedBasis, sharedBasis } from './shared-basis.ts';
import { maxRows, type SharedKernel, sharedLengthscales } from './shared-lengthscales.ts';
import { leaveOneOutR2s, taskCorrelations } from './task-quality.ts';

export interface PreparedSources {
  readonly names: readonly string[];
  readonly weights: readonly number[] | undefined;
  /** The largest trust in a source before any evidence, in (0, 1]. */
  readonly maxSourceWeight: number;
  /** The sources in their scale. */
  readonly datasets: readonly Dataset[];
  /** Origin of the shares when every source holds shares, else undefined. */
  readonly proportionOrigin: 0 | -1 | undefined;
  /** Of the scale of values that are no shares. */
  readonly kind: OutcomeTransformKind;
  readonly shared: SharedKernel;
  readonly basis: SharedBasis;
  /**
   * The same of the sources each divided by its own deviation and multiplied by their typical one, so that tasks with large
   * differences do not drown the others. Undefined where every source has a scale of its own anyway, and for few sources.
   */
  readonly rescaledBasis: SharedBasis | undefined;
  /** Mean share of a source's variance that follows from its points (leave-one-out), in [0, 1]; 1 where too few rows tell. */
  readonly meanR2: number;
  /** Median correlation of a source with the mean of the others, over the anchors: exchangeable tasks foretell each other; 1 for one source. */
  readonly meanTaskCorrelation: number;
  /** Sources that look like noise: neither smooth nor like the others. */
  readonly ignored: readonly string[];
}

export interface PrepareSourcesOptions {
  readonly columns?: readonly Column[] | undefined;
  readonly linalg: LinearAlgebra;
  /** Features of the new task, the same as the sources' `metaFeatures`: nearer sources then weigh more. */
  readonly metaFeatures?: readonly number[] | undefined;
}

/** So few sources have no covariance among themselves to learn from: each is tried as a correlated task. */
export const maxCorrelatedTasks = 3;

type Prior = Promise<PreparedSources | undefined>;
const made = new WeakMap<
  readonly PriorTask[],
  { readonly options: PrepareSourcesOptions; readonly prior: Prior }[]
>();

/**
 * Undefined where no source has a finite row. Prepared once for the same sources and options, by identity: a warm start and
 * the model after it share what takes seconds with many sources.
 */
export function cachedSources(sources: readonly PriorTask[], options: PrepareSourcesOptions): Prior {
  const before = made.get(sources) ?? [];
  const same = before.find(
    ({ options: { columns, linalg, metaFeatures } }) =>
      columns === options.columns && linalg === options.linalg && metaFeatures === options.metaFeatures,
  );
  if (same) return same.prior;
  const prior = prepareSources(sources, options);
  made.set(sources, [...before, { options, prior }]);
  return prior;
}

async function prepareSources(
  sources: readonly PriorTask[],
  { columns, linalg, metaFeatures }: PrepareSourcesOptions,
): Promise<PreparedSources | undefined> {
  const usable = usableTasks(sources, columns?.length);
  const first = usable[0];
  if (!first) return undefined;
  const origin = proportionOrigin(usable.map(({ data }) => data));
  const kernel = matern52(columns ?? continuousColumns(first.data.x.columns));
  const { form, datasets, shared } =
    origin === undefined && usable.length <= maxCorrelatedTasks
      ? await selectOutcomeTransform(pickData(usable), kernel, linalg)
      : await commonTransform(pickData(usable), kernel, { origin, linalg });
  const weights = priorWeights(usable, metaFeatures);
  const explained = await leaveOneOutR2s(datasets, shared, linalg);
  const all = await sharedBasis(datasets, shared, { linalg, weights });
  const alike = taskCorrelations(all.taskValues);
  const noise = isUninformative(explained, alike, {
    anchors: all.inducingPoints.rows,
    rows: datasets.map(({ y }) => y.length),
  });
  const kept = usable.flatMap((_, j) => (noise[j] ? [] : [j]));
  const whole = kept.length === usable.length;
  if (kept.length === 0 || !(all.variance + all.meanSquare > 1e-20)) return undefined;
  const pick = <T>(items: readonly T[]): T[] => kept.map((j) => items[j]!);
  const keptWeights = weights && pick(weights);
  const own = pick(datasets);
  const basis = whole ? all : await sharedBasis(own, shared, { linalg, weights: keptWeights });
  const known = pick(explained).filter((v) => v !== undefined);
  return {
    names: pick(usable).map(({ name }) => name),
    weights: keptWeights,
    maxSourceWeight: Math.max(...pick(usable).map(sourceWeight)),
    datasets: own,
    proportionOrigin: origin,
    kind: form,
    shared,
    basis,
    rescaledBasis:
      origin !== undefined && own.length > maxCorrelatedTasks
        ? await rescaledBasis(basis, varianceRatios(own), { linalg, weights: keptWeights })
        : undefined,
    meanTaskCorrelation: median(taskCorrelations(basis.taskValues)),
    meanR2:
      known.length === 0 ? 1 : known.reduce((a, v) => a + Math.min(Math.max(v, 0), 1), 0) / known.length,
    ignored: usable.flatMap(({ name }, j) => (kept.includes(j) ? [] : [name])),
  };
}

function pickData(sources: readonly PriorTask[]): Dataset[] {
  return sources.map(({ data }) => data);
}

/** All sources in log-odds where they are shares, else compressed. */
async function commonTransform(
  sources: readonly Dataset[],
  kernel: Kernel,
  { origin, linalg }: { readonly origin: 0 | -1 | undefined; readonly linalg: LinearAlgebra },
) {
  const datasets = sources.map((data) => transformed(data, transformFor(origin, data.y)));
  const { kernel: common, noise } = await sharedLengthscales(kernel, datasets, linalg);
  return { form: 'compressed' as const, datasets, shared: { kernel: common, noise } };
}

/**
 * Sources whose values neither follow from their points nor agree with the others. By chance an explained share is about
 * 1/√rows and a correlation 1/√anchors, so one agrees when it is far above that, and only where the sources agree in general.
 */
function isUninformative(
  explained: readonly (number | undefined)[],
  alike: readonly (number | undefined)[],
  { anchors, rows }: { readonly anchors: number; readonly rows: readonly number[] },
): boolean[] {
  const chance = 1 / Math.sqrt(anchors);
  const sorted = alike.map((v) => v ?? 0).sort((a, b) => a - b);
  const general = (sorted[sorted.length >> 1] ?? 0) > 2 * chance;
  return explained.map((share, j) => {
    if (share === undefined || share >= 1.5 / Math.sqrt(Math.min(rows[j]!, maxRows))) return false;
    return !(general && (alike[j] ?? 0) > 4 * chance);
  });
}

function median(correlations: readonly (number | undefined)[]): number {
  const sorted = correlations.map((v) => v ?? 1).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** The geometric mean of the datasets' deviations over each one's own; 1 for one that is constant. */
function varianceRatios(datasets: readonly Dataset[]): number[] {
  const deviations = datasets.map(({ y }) => {
    const mean = y.reduce((a, v) => a + v, 0) / y.length;
    return Math.sqrt(y.reduce((a, v) => a + (v - mean) ** 2, 0) / y.length);
  });
  const largest = Math.max(...deviations);
  const known = deviations.filter((v) => v > 1e-9 * largest);
  const typical = Math.exp(known.reduce((a, v) => a + Math.log(v), 0) / Math.max(known.length, 1));
  return deviations.map((v) => (v > 1e-9 * largest ? typical / v : 1));
}

/** Log-odds of shares, else the `form` of scale that the values themselves set. */
export function transformFor(
  origin: 0 | -1 | undefined,
  values: Float64Array,
  form: OutcomeTransformKind = 'compressed',
): OutcomeTransform {
  return origin === undefined ? outcomeTransformOf(form, values) : logOdds(origin);
}

export function transformed(data: Dataset, scale: OutcomeTransform): Dataset {
  return { x: data.x, y: data.y.map((y) => scale.forward(y)) };
}

export function continuousColumns(d: number): Column[] {
  return Array.from({ length: d }, (_, i) => ({ kind: 'continuous' as const, name: `x${i}` }));
}

/** Trust times similarity of each source; undefined where all are alike. */
function priorWeights(
  sources: readonly PriorTask[],
  metaFeatures: readonly number[] | undefined,
): readonly number[] | undefined {
  const alike = metaFeatures && similarity(sources, metaFeatures);
  if (sources.every((source) => sourceWeight(source) === 1)) return alike;
  return sources.map((source, j) => sourceWeight(source) * (alike?.[j] ?? 1));
}

/** exp(−distance/median distance) over features divided by their spread; 1 for sources without features. */
export function similarity(sources: readonly PriorTask[], target: readonly number[]): number[] {
  const known = sources.map(({ metaFeatures }) =>
    metaFeatures?.length === target.length ? metaFeatures : undefined,
  );
  const spreads = target.map((_, k) => {
    const values = known.flatMap((f) => (f ? [f[k]!] : []));
    const mean = values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
    return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(values.length, 1)) || 1;
  });
  const distances = known.map((f) =>
    f ? Math.sqrt(f.reduce((sum, v, k) => sum + ((v - target[k]!) / spreads[k]!) ** 2, 0)) : undefined,
  );
  const sorted = distances.filter((v) => v !== undefined).sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1] || 1;
  return distances.map((v) => (v === undefined ? 1 : Math.exp(-v / middle)));
}
