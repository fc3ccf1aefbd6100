/** Whether one of the configurations of a request's advice takes the place of the point that the search found. */
import { type Advice, matrixOf, type Params, type SampleRequest, type Score, type Why } from '@foothold/core';
import type { FeasibleCandidates } from '../feasible-candidates.ts';
import type { GoalModel } from './goal-model.ts';

/** Coordinates that differ by less are the same: what encoding and decoding may lose. */
const sameCoordinate = 1e-9;

/**
 * The preferred configuration, where the model expects a better value there than at the search's own point and at all observed ones; else
 * the candidate of largest score, where that is above the search's. Undefined where nothing is offered that may be evaluated.
 */
export async function outsideCandidate<P extends Params>(
  request: SampleRequest<P>,
  {
    advice,
    score,
    model,
    feasible,
    own,
  }: {
    readonly advice: Advice<P>;
    readonly score: Score;
    readonly model: GoalModel;
    readonly feasible: FeasibleCandidates;
    readonly own: Float64Array;
  },
): Promise<{ readonly point: Float64Array | undefined; readonly why: Why } | undefined> {
  const allowed = (params: P) => allowedPoint(request, feasible, params);
  const preferred = advice.preferred && allowed(advice.preferred);
  const points = (advice.candidates ?? []).flatMap((params) => allowed(params) ?? []);
  const offered = points.length;
  if (!preferred && offered === 0) return undefined;
  if (preferred && (await model.isExpectedBest(preferred, own)))
    return { point: preferred, why: { candidates: { offered, taken: true } } };
  const { value } = await score(matrixOf([own, ...points]), { gradient: false });
  const rank = (i: number) => (Number.isNaN(value[i]) ? -Infinity : value[i]!);
  const top = [...value.keys()].reduce((best, i) => (rank(i) > rank(best) ? i : best), 0);
  return { point: points[top - 1], why: { candidates: { offered, taken: top > 0 } } };
}

/** The coordinates of a configuration, where it may be evaluated as it is. */
function allowedPoint<P extends Params>(
  { space }: SampleRequest<P>,
  feasible: FeasibleCandidates,
  params: P,
): Float64Array | undefined {
  const wanted = space.encode(params);
  const point = feasible.repair(wanted);
  return point?.every((u, j) => Math.abs(u - wanted[j]!) < sameCoordinate) ? point : undefined;
}
