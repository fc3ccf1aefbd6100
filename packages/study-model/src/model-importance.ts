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
  /** What it explains alone: at most what it explains with its interactions. */
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
/** Inputs of a design of drawn functions: at least 32 rows a block. All of 100 inputs would have 8, whose indices are noise. */
const maxDrawnInputs = 30;
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
  const gaps = await drawnGaps(model, rng.fork('draws'), pause);
  const shareOf = (kind: 'first' | 'total', j: number, most: Share): Share => {
    const shares = gaps[kind][j]!.map((gap) => ofMean[kind][j]! + gap).sort((a, b) => a - b);
    const quantile = (p: number) => shares[Math.round(p * (shares.length - 1))]!;
    // Averaged first: errors below 0 that are cut off would no longer cancel those above.
    const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
    return {
      share: clamped(share, most.share),
      low: clamped(quantile(0.05), most.low),
      high: clamped(quantile(0.95), most.high),
    };
  };
  const second = ofMean.second!;
  const pairs = names.flatMap((a, i) =>
    names.slice(i + 1).map((b, k) => ({
      names: [a, b] as const,
      share: clamped(second.data[i * d + i + 1 + k]!, 1),
    })),
  );
  return {
    parameters: names.map((name, j) => {
      const total = shareOf('total', j, whole);
      return { name, alone: shareOf('first', j, total), total };
    }),
    pairs: pairs.sort((a, b) => b.share - a.share),
    varies: ofMean.total.some((share) => share > 0),
  };
}

const whole: Share = { share: 1, low: 1, high: 1 };

const clamped = (share: number, most: number): number => Math.min(Math.max(share, 0), most);

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

/** What the indices of drawn functions differ from those of the predictive mean by, on the same small design: by input, of each draw. */
interface DrawnGaps {
  readonly first: readonly (readonly number[])[];
  readonly total: readonly (readonly number[])[];
}

/** Of all inputs, so many at a time: a design of more at once would have few rows a block. */
async function drawnGaps(
  model: StudyModel,
  rng: ReturnType<typeof seeded>,
  pause: () => Promise<void>,
): Promise<DrawnGaps> {
  const d = model.space.columns.length;
  const parts: DrawnGaps[] = [];
  for (let from = 0; from < d; from += maxDrawnInputs) {
    const inputs = Array.from({ length: Math.min(maxDrawnInputs, d - from) }, (_, k) => from + k);
    parts.push(
      await gapsOf(model, inputs, { rng: from === 0 ? rng : rng.fork(`inputs from ${from}`), pause }),
    );
  }
  return { first: parts.flatMap(({ first }) => first), total: parts.flatMap(({ total }) => total) };
}

async function gapsOf(
  model: StudyModel,
  inputs: readonly number[],
  { rng, pause }: { readonly rng: ReturnType<typeof seeded>; readonly pause: () => Promise<void> },
): Promise<DrawnGaps> {
  const dimensions = model.space.columns.length;
  const size = 2 ** Math.floor(Math.log2(maxDrawnPoints / (inputs.length + 2)));
  const design = sobolDesign({ dimensions, inputs, size, pairs: false, rng: rng.fork('design') });
  const points = canonicalPoints(model, design.x);
  await pause();
  const ofMean = sobolIndices(design, await meansAt(model, points, pause));
  const { posterior, toValue } = gaussianScale(model.posterior);
  // Points of a discrete space come more than once: one draw serves all.
  const { distinct, positionOf } = distinctRows(points);
  const joint = await posterior.joint!(distinct);
  await pause();
  const root = semidefiniteRoot(joint.covariance);
  const stream = rng.fork('functions');
  const drawn: SobolIndices[] = [];
  for (let k = 0; k < draws; k++) {
    if (k % 20 === 0) await pause();
    const values = jointDraw(joint.mean, root, stream).map(toValue);
    drawn.push(
      sobolIndices(
        design,
        positionOf.map((i) => values[i]!),
      ),
    );
  }
  const gaps = (kind: 'first' | 'total') =>
    inputs.map((_, j) => drawn.map((one) => one[kind][j]! - ofMean[kind][j]!));
  return { first: gaps('first'), total: gaps('total') };
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
