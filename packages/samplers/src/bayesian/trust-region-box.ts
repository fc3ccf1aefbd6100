/**
 * Bayesian optimization inside a box around the best point, which grows after successes and shrinks after failures
 * (Eriksson, Pearce, Gardner, Turner, Poloczek 2019, "Scalable Global Optimization via Local Bayesian Optimization",
 * TuRBO-1, §2): for many columns and long histories. The first 2d trials look at the whole space.
 *
 * L  side of the box in the unit cube, 0.8 at first; doubled after 3 successes in a row, halved after max(4, d)
 *    failures in a row; below 2⁻⁷ the search restarts with steps over the whole space
 */
import { type Dataset, type Params, rowOf, type SampleRequest, selectRows } from '@foothold/core';
import type { SearchRegion } from './search-region.ts';

const firstSide = 0.8;
const largestSide = 1.6;
const smallestSide = 2 ** -7;
const successesToGrow = 3;
/** A success gains this share of the best value's size. */
const gainShare = 1e-3;

/** What the trials say of the box: its side, and the row its search began at. */
export interface TrustRegionState {
  readonly side: number;
  readonly from: number;
}

/** Folds the values, larger is better, in the order of their trials. */
export function trustRegionState(y: Float64Array, dimensions: number): TrustRegionState {
  const failuresToShrink = Math.max(4, dimensions);
  const warmUp = 2 * dimensions;
  let side = firstSide;
  let from = 0;
  let best = -Infinity;
  let successes = 0;
  let failures = 0;
  for (let i = 0; i < y.length; i++) {
    const gained = y[i]! > best + gainShare * Math.abs(best) || best === -Infinity;
    best = Math.max(best, y[i]!);
    if (i - from < warmUp) continue;
    successes = gained ? successes + 1 : 0;
    failures = gained ? 0 : failures + 1;
    if (successes >= successesToGrow) {
      side = Math.min(2 * side, largestSide);
      successes = 0;
    } else if (failures >= failuresToShrink) {
      side /= 2;
      failures = 0;
    }
    if (side < smallestSide) {
      side = firstSide;
      from = i + 1;
      best = -Infinity;
      successes = 0;
    }
  }
  return { side, from };
}

/** The box that the trials say, and the rows near it. */
export const trustRegionBox: SearchRegion = <P extends Params>(
  { space }: SampleRequest<P>,
  data: Dataset,
) => {
  const d = space.columns.length;
  const { side, from } = trustRegionState(data.y, d);
  const state = { side, from };
  const n = data.y.length;
  if (n - from < 2 * d) return { data, why: { ...state, stage: 'whole space' } };
  let best = from;
  for (let i = from; i < n; i++) if (data.y[i]! > data.y[best]!) best = i;
  // Rows of an edited space may lie outside of the cube.
  const centre = rowOf(data.x, best).map((u) => Math.min(Math.max(u, 0), 1));
  const lower = centre.map((u, j) =>
    space.columns[j]!.kind === 'categorical' ? 0 : Math.max(u - side / 2, 0),
  );
  const upper = centre.map((u, j) =>
    space.columns[j]!.kind === 'categorical' ? 1 : Math.min(u + side / 2, 1),
  );
  // The model learns from twice the box, and from the nearest 2d rows at least, so that it knows the box's edge.
  const reach = (i: number) =>
    rowOf(data.x, i).reduce(
      (far, u, j) =>
        space.columns[j]!.kind === 'categorical' ? far : Math.max(far, Math.abs(u - centre[j]!)),
      0,
    );
  const reaches = Array.from({ length: n }, (_, i) => reach(i));
  const enough = [...reaches].sort((a, b) => a - b)[Math.min(2 * d, n - 1)]!;
  const rows = reaches.flatMap((r, i) => (r <= Math.max(side, enough) ? [i] : []));
  return { data: selectRows(data, rows), region: { lower, upper }, why: { ...state, stage: 'box' } };
};
