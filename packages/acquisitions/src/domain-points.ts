/** Points that stand for the domain of an acquisition. */
import {
  type AcquisitionDomain,
  levelOf,
  type Matrix,
  matrixOf,
  positionOf,
  type Rng,
  rowOf,
} from '@foothold/core';
import { maxSobolDimensions, sobol } from '@foothold/numerics';

/** A spread over the domain, on its grid and within its constraints and region; fewer points where some are not allowed. */
export function domainPoints({
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
