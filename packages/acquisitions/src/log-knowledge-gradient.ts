/**
 * Knowledge gradient (Frazier, Powell, Dayanik 2009, "The Knowledge-Gradient Policy for Correlated Normal Beliefs"), over a
 * discrete set of targets as in Scott, Frazier, Powell 2011.
 *
 * a₁ … a_k  targets: points whose mean one more observation may make the largest; the candidate joins them
 * s_i       cov(f(a_i), y)/√Var(y), y the observation of the candidate, with its noise
 * value     log (E max_i(μ_i + s_i·Z) − max_i μ_i)
 */
import {
  type Acquisition,
  type AcquisitionBelief,
  type AcquisitionDomain,
  InvalidArgumentError,
  type JointBelief,
  levelOf,
  type Matrix,
  matrixOf,
  positionOf,
  type Rng,
  rowOf,
  rowsByValue,
  selectMatrixRows,
  UnsupportedError,
} from '@foothold/core';
import { knowledgeGradient, maxSobolDimensions, sobol } from '@foothold/numerics';

export interface LogKnowledgeGradientOptions {
  /** Number of targets: a quarter observed points, the others drawn from the domain. Default: 32. */
  readonly targets?: number | undefined;
}

/** Points drawn for each target that is kept. */
const drawnPerTarget = 8;
const maxTargets = 1024;

/**
 * An acquisition of what one observation, with its noise, is expected to raise the largest mean by: unlike expected
 * improvement it may gain at other points than its own. In log units.
 *
 * `prepare` throws UnsupportedError for a posterior without `joint`. Throws InvalidArgumentError for `targets` that is no whole
 * number from 1 to 1,024.
 */
export function logKnowledgeGradient(options: LogKnowledgeGradientOptions = {}): Acquisition {
  const { targets = 32 } = options;
  if (!(Number.isInteger(targets) && targets >= 1 && targets <= maxTargets))
    throw new InvalidArgumentError('targets', targets, 'a whole number from 1 to 1,024');
  return {
    name: 'logKnowledgeGradient',
    isLog: true,
    async prepare(belief) {
      const { posterior } = belief;
      if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
      const noise = posterior.noise ?? 0;
      return { beside: await targetsOf(belief, targets), value: (joint) => logGain(joint, noise) };
    },
  };
}

/** The candidate is the last point, and one of the targets. */
function logGain({ mean, covariance }: JointBelief, noise: number): number {
  const q = mean.length;
  const column = Float64Array.from({ length: q }, (_, i) => covariance.data[i * q + q - 1]!);
  const standardDeviation = Math.sqrt(Math.max(column[q - 1]! + noise, 1e-300));
  const gain = knowledgeGradient(
    mean,
    column.map((c) => c / standardDeviation),
  );
  return Math.log(Math.max(gain, 1e-300));
}

/** The observed points of the largest mean, and of points drawn from the domain those of the largest upper confidence bound. */
async function targetsOf(
  { posterior, data, rng, domain }: AcquisitionBelief,
  count: number,
): Promise<Matrix> {
  const d = data.x.columns;
  const known = data.y.length > 0 ? (await posterior.marginals(data.x)).mean : new Float64Array(0);
  const best = selectMatrixRows(data.x, rowsByValue(known).slice(0, Math.ceil(count / 4)));
  const pool = drawn({ d, count: drawnPerTarget * count, domain, rng });
  if (pool.rows === 0) return best;
  const { mean, variance } = await posterior.marginals(pool);
  const upper = mean.map((m, i) => m + Math.sqrt(Math.max(variance[i]!, 0)));
  const chosen = rowsByValue(upper).slice(0, count - best.rows);
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
