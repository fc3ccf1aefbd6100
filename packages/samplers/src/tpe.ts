/**
 * Multivariate tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization";
 * Falkner et al. 2018, "BOHB", for the joint kernel).
 *
 * good, bad  the best tenth of the trials and the rest, with the running ones
 * l, g       their densities: a mixture of one kernel per trial and the uniform one; the proposal has the largest l/g
 */
import {
  type Column,
  datasetOf,
  type Params,
  type Proposal,
  type Rng,
  rowOf,
  type SampleRequest,
  type Sampler,
} from '@foothold/core';
import { logSumExp, normalCdf, normalQuantile } from '@foothold/numerics';
import { places } from './bayesian-places.ts';
import { positiveWhole } from './propose.ts';
import { random } from './random.ts';

export interface TpeOptions {
  /** Random trials before the first estimate; 10. */
  readonly initialTrials?: number;
  /** Points drawn from l for each proposal; 32. */
  readonly candidates?: number;
}

/** Cheap at thousands of trials and at home in categories; the density ratio takes the place of a model. Throws InvalidArgumentError. */
export function tpe(options: TpeOptions = {}): Sampler {
  const { initialTrials = 10, candidates = 32 } = options;
  positiveWhole('initialTrials', initialTrials);
  positiveWhole('candidates', candidates);
  return {
    name: 'tpe',
    supports: ['conditional', 'input-constraints', 'fixed', 'known-noise', 'continuous'],
    async sample<P extends Params>(request: SampleRequest<P>): Promise<readonly Proposal<P>[]> {
      const { space, trials, direction, rng } = request;
      const { columns } = space;
      const data = datasetOf(space, trials, direction);
      if (data.y.length < initialTrials) return random().sample(request);

      const order = Array.from(data.y.keys()).sort((i, j) => data.y[j]! - data.y[i]!);
      const goodCount = Math.min(25, Math.ceil(0.1 * order.length));
      const points = order.map((i) => rowOf(data.x, i));
      const good = points.slice(0, goodCount);
      const bad = points.slice(goodCount);
      for (const t of trials) if (t.state === 'running') bad.push(space.encode(t.params));

      const open = places(request);
      return Array.from({ length: request.count }, (_, k) => {
        const stream = rng.fork(`tpe ${k}`);
        const l = parzen(columns, good);
        const g = parzen(columns, bad);
        let best: Float64Array | undefined;
        let ratio = -Infinity;
        for (let c = 0; c < candidates; c++) {
          const point = open.repair(l.draw(stream));
          if (!point) continue;
          const value = l.logDensity(point) - g.logDensity(point);
          if (best && !(value > ratio)) continue;
          best = point;
          ratio = value;
        }
        const chosen = best ?? open.any(stream);
        open.take(chosen);
        bad.push(chosen);
        return { params: space.decode(chosen), why: { sampler: 'tpe', logRatio: best ? ratio : null } };
      });
    },
  };
}

interface Parzen {
  draw(rng: Rng): Float64Array;
  logDensity(point: Float64Array): number;
}

/** Equal mixture of truncated Gaussians (Aitchison–Aitken kernels on categories) at the points, and the uniform density. */
function parzen(columns: readonly Column[], points: readonly Float64Array[]): Parzen {
  const n = points.length;
  const width = Math.max(0.2 * Math.max(n, 1) ** (-1 / (columns.length + 4)), 1 / Math.min(100, n + 2));
  const mass = points.map((center) => center.map((c) => normalCdf((1 - c) / width) - normalCdf(-c / width)));
  const stay = n / (n + 1);
  const terms = new Float64Array(n + 1);
  return {
    draw(rng) {
      const center = points[Math.floor(rng.next() * (n + 1))];
      return Float64Array.from(columns, (column, j) => {
        const u = rng.next();
        if (!center) return u;
        const c = center[j]!;
        if (column.kind === 'categorical') return rng.next() < stay ? c : u;
        const from = normalCdf(-c / width);
        const to = normalCdf((1 - c) / width);
        return Math.min(Math.max(c + width * normalQuantile(from + u * (to - from)), 0), 1);
      });
    },
    logDensity(point) {
      terms[n] = 0;
      for (let i = 0; i < n; i++) {
        let log = 0;
        columns.forEach((column, j) => {
          const z = (point[j]! - points[i]![j]!) / width;
          log +=
            column.kind === 'categorical'
              ? Math.log((point[j] === points[i]![j] ? stay * column.levels : 0) + 1 - stay)
              : -0.5 * z * z - Math.log(2.5066282746310002 * width * mass[i]![j]!);
        });
        terms[i] = log;
      }
      return logSumExp(terms) - Math.log(n + 1);
    },
  };
}
