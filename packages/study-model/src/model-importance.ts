/**
 * How much of the model's variation over the space each parameter explains: Sobol indices of its predictive mean, and intervals
 * from draws of the whole function (Le Gratiet, Cannamela & Iooss 2014, "A Bayesian approach for global sensitivity analysis of
 * (multifidelity) computer codes", §3).
 *
 * The space is weighed as functional ANOVA does: uniform in the unit cube, logarithmic parameters by their logarithm, inactive
 * ones at their one place, limits of the space not counted.
 *
 * Draws need the joint belief at all points of a design, so theirs is small. What the small design itself gets wrong is the same
 * for every draw and for the mean: index of a draw ≈ index of the mean on the large design + (draw − mean) on the small one.
 */
import { type Matrix, matrix, seeded, selectMatrixRows } from '@foothold/core';
import { gaussianScale } from '@foothold/gp-models';
import { jointDraw, semidefiniteRoot } from '@foothold/samplers';
import { type SobolIndices, sobolDesign, sobolIndices } from './sobol-indices.ts';
import { canonicalPoints, type StudyModel } from './study-model.ts';

/** A share with an interval that holds nine in ten draws. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export interface ParameterImportance {
  readonly name: string;
  /** What it explains alone. */
  readonly alone: Share;
  /** What it explains with all its interactions. */
  readonly total: Share;
}

export interface ModelImportance {
  readonly parameters: readonly ParameterImportance[];
  /** Every pair, by what the predictive mean shows beyond both alone, largest first. */
  readonly pairs: readonly { readonly names: readonly [string, string]; readonly share: number }[];
  /** False where the model sees no variation at all. */
  readonly varies: boolean;
}

/** Rows a block for the predictive mean: the estimates are then within a few hundredths (the test of Ishigami's function). */
const meanSize = 1024;
/** Points at which functions are drawn; a joint belief costs their number squared in memory, and cubed in time. */
const maxDrawnPoints = 1024;
/** Functions that are drawn: a twentieth of them lie beyond each end of an interval. */
const draws = 200;
/** Points a chunk: what waits for a belief is answered between two. */
const chunk = 512;

export interface ImportanceSetting {
  /** Called between two chunks of work; throws to end it. */
  pause(): Promise<void>;
}

/** The importance of every parameter and pair under this model. */
export async function modelImportance(
  model: StudyModel,
  { pause }: ImportanceSetting,
): Promise<ModelImportance> {
  const d = model.space.columns.length;
  const names = model.space.columns.map(({ name }) => name);
  const rng = seeded(model.seed).fork('importance of the model');
  const large = sobolDesign({ dimensions: d, size: meanSize, pairs: true, rng: rng.fork('large') });
  const ofMean = sobolIndices(large, await meansAt(model, large.x, pause));
  const ofDraws = await drawnIndices(model, rng.fork('draws'), pause);
  const shareOf = (kind: 'first' | 'total', j: number): Share => {
    const shares = ofDraws.indices
      .map((drawn) => ofMean[kind][j]! + drawn[kind][j]! - ofDraws.mean[kind][j]!)
      .map((share) => Math.min(Math.max(share, 0), 1))
      .sort((a, b) => a - b);
    const quantile = (p: number) => shares[Math.round(p * (shares.length - 1))]!;
    return {
      share: shares.reduce((sum, share) => sum + share, 0) / shares.length,
      low: quantile(0.05),
      high: quantile(0.95),
    };
  };
  const second = ofMean.second!;
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).map((b, k) => ({
      names: [a, b] as const,
      share: Math.min(Math.max(second.data[i * d + i + 1 + k]!, 0), 1),
    })),
  );
  return {
    parameters: names.map((name, j) => ({ name, alone: shareOf('first', j), total: shareOf('total', j) })),
    pairs: pairs.sort((a, b) => b.share - a.share),
    varies: ofMean.total.some((share) => share > 0),
  };
}

/** The predictive mean at many points. */
async function meansAt(model: StudyModel, x: Matrix, pause: () => Promise<void>): Promise<Float64Array> {
  const values = new Float64Array(x.rows);
  for (let from = 0; from < x.rows; from += chunk) {
    await pause();
    const part = matrix(
      Math.min(chunk, x.rows - from),
      x.columns,
      x.data.slice(from * x.columns, (from + chunk) * x.columns),
    );
    values.set((await model.posterior.marginals(canonicalPoints(model, part))).mean, from);
  }
  return values;
}

/** The indices of drawn functions and of the predictive mean on one small design. */
async function drawnIndices(
  model: StudyModel,
  rng: ReturnType<typeof seeded>,
  pause: () => Promise<void>,
): Promise<{ readonly mean: SobolIndices; readonly indices: readonly SobolIndices[] }> {
  const d = model.space.columns.length;
  const size = Math.max(2 ** Math.floor(Math.log2(maxDrawnPoints / (d + 2))), 2);
  const design = sobolDesign({ dimensions: d, size, pairs: false, rng: rng.fork('design') });
  const points = canonicalPoints(model, design.x);
  await pause();
  const mean = sobolIndices(design, await meansAt(model, points, pause));
  const { posterior, toValue } = gaussianScale(model.posterior);
  // Points of a discrete space come more than once: one draw serves all.
  const { distinct, positionOf } = distinctRows(points);
  const joint = await posterior.joint!(distinct);
  await pause();
  const root = semidefiniteRoot(joint.covariance);
  const stream = rng.fork('functions');
  const indices: SobolIndices[] = [];
  for (let k = 0; k < draws; k++) {
    if (k % 20 === 0) await pause();
    const drawn = jointDraw(joint.mean, root, stream).map(toValue);
    indices.push(
      sobolIndices(
        design,
        positionOf.map((i) => drawn[i]!),
      ),
    );
  }
  return { mean, indices };
}

function distinctRows(x: Matrix): { readonly distinct: Matrix; readonly positionOf: Float64Array } {
  const known = new Map<string, number>();
  const rows: number[] = [];
  const positionOf = Float64Array.from({ length: x.rows }, (_, i) => {
    const key = x.data.subarray(i * x.columns, (i + 1) * x.columns).join();
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, rows.length);
    return rows.push(i) - 1;
  });
  return { distinct: selectMatrixRows(x, rows), positionOf };
}
