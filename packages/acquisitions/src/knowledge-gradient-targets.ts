/** The points whose mean one more observation may make the largest. */
import {
  type AcquisitionBelief,
  type Matrix,
  matrixOf,
  rowOf,
  rowsByValue,
  selectMatrixRows,
} from '@foothold/core';
import { domainPoints } from './domain-points.ts';

/** Points drawn for each target that is kept. */
const drawnPerTarget = 8;

/**
 * `count` points at the target fidelity, k×d: a quarter of them the observed points of the largest mean there, the others those
 * of the largest upper confidence bound among `candidates`, or among points drawn from the domain. Fewer where few points were
 * observed.
 */
export async function targetsOf(belief: AcquisitionBelief, count: number): Promise<Matrix> {
  const { posterior, data, rng, domain, candidates, projectToTargetFidelity: project = (x) => x } = belief;
  const d = data.x.columns;
  const observed = project(data.x);
  const known = observed.rows > 0 ? (await posterior.marginals(observed)).mean : new Float64Array(0);
  const wanted = observed.rows > 0 ? Math.ceil(count / 4) : 0;
  const best = selectMatrixRows(observed, rowsByValue(known).slice(0, wanted));
  const pool = project(candidates ?? domainPoints({ d, count: drawnPerTarget * count, domain, rng }));
  if (pool.rows === 0) return best;
  const { mean, variance } = await posterior.marginals(pool);
  const upper = mean.map((m, i) => m + Math.sqrt(Math.max(variance[i]!, 0)));
  const chosen = rowsByValue(upper).slice(0, count - wanted);
  return matrixOf([...rowsOf(best), ...chosen.map((i) => rowOf(pool, i))], d);
}

function rowsOf(a: Matrix): Float64Array[] {
  return Array.from({ length: a.rows }, (_, i) => Float64Array.from(rowOf(a, i)));
}
