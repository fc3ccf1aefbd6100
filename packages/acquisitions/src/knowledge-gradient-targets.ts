/** The points whose mean one more observation may make the largest. */
import {
  type AcquisitionBelief,
  type AcquisitionDomain,
  levelOf,
  type Matrix,
  matrixOf,
  positionOf,
  type Rng,
  rowOf,
  rowsByValue,
  selectMatrixRows,
} from '@foothold/core';
import { maxSobolDimensions, sobol } from '@foothold/numerics';

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
  const pool = project(candidates ?? drawn({ d, count: drawnPerTarget * count, domain, rng }));
  if (pool.rows === 0) return best;
  const { mean, variance } = await posterior.marginals(pool);
  const upper = mean.map((m, i) => m + Math.sqrt(Math.max(variance[i]!, 0)));
  const chosen = rowsByValue(upper).slice(0, count - wanted);
  return matrixOf([...rowsOf(best), ...chosen.map((i) => rowOf(pool, i))], d);
}

/** A spread over the domain, on its grid and within its constraints and region; fewer points where some are not allowed. */
function drawn({
  d,
  count,
  domain,
  rng,
}: {
  readonly d: number;
  readonly count: number;
  readonly domain: AcquisitionDomain | undefined;
  readonly rng: Rng;
}): Matrix {
  const spread =
    d > 0 && d <= maxSobolDimensions ? sobol({ dimensions: d, rng }).points(0, count) : undefined;
  const points = Array.from({ length: count }, (_, i): Float64Array | undefined => {
    const raw = spread ? rowOf(spread, i) : Float64Array.from({ length: d }, () => rng.next());
    const own = domain?.draw?.(rng) ?? Float64Array.from(raw, (u, j) => onDomain(domain, u, j));
    return domain?.repair ? domain.repair(own) : own;
  });
  return matrixOf(
    points.filter((point) => point !== undefined),
    d,
  );
}

function onDomain(domain: AcquisitionDomain | undefined, u: number, j: number): number {
  const column = domain?.columns[j];
  const region = domain?.region;
  const low = region?.lower[j] ?? 0;
  const inside = low + u * ((region?.upper[j] ?? 1) - low);
  return column && column.kind !== 'continuous' ? positionOf(column, levelOf(column, inside)) : inside;
}

function rowsOf(a: Matrix): Float64Array[] {
  return Array.from({ length: a.rows }, (_, i) => Float64Array.from(rowOf(a, i)));
}
