/**
 * Multivariate tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization",
 * eqs. 2–3; joint kernels as in Falkner et al. 2018, "BOHB"; order under constraints and several objectives as in NSGA-II).
 *
 * good, bad  the best tenth of the complete trials, at most 25; the rest, with failed, pruned and running ones
 * l, g       their densities; the proposal is the one of a few points drawn from l with the largest l/g
 */
import {
  InvalidArgumentError,
  type Params,
  type Proposal,
  rankedTrials,
  type SampleRequest,
  type Sampler,
  type Trial,
} from '@foothold/core';
import { designPoint, designSeed } from '../bayesian/initial-design.ts';
import { feasibleCandidates } from '../feasible-candidates.ts';
import { positiveWhole } from '../positive-whole.ts';
import { type Centre, densityOf } from './density.ts';

export interface TpeOptions {
  /** Trials of a stratified design before the first estimate, running and failed ones included; 10. */
  readonly initialTrials?: number;
  /** Points drawn from l for each proposal, at most 100,000; 24. More make it greedier. */
  readonly candidates?: number;
  /** Share of the trials that counts as good, in (0, 1); 0.1. */
  readonly share?: number;
}

const maxGood = 25;
const maxCandidates = 100_000;

/**
 * Cheap at thousands of trials, and at home in categories and conditional parameters: the density ratio stands in for a
 * model, and grows with expected improvement (Bergstra et al. 2011, eq. 4). Known noise and cost are not used.
 * Throws InvalidArgumentError; `sample` throws SpaceExhaustedError.
 */
export function tpe(options: TpeOptions = {}): Sampler {
  const { initialTrials = 10, candidates = 24, share = 0.1 } = options;
  positiveWhole('initialTrials', initialTrials);
  positiveWhole('candidates', candidates, maxCandidates);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('share', share, 'above 0 and below 1');
  return {
    name: 'tpe',
    supports: [
      'conditional',
      'input-constraints',
      'fixed',
      'outcome-constraints',
      'several-objectives',
      'continuous',
    ],
    sample<P extends Params>(request: SampleRequest<P>): readonly Proposal<P>[] {
      const { space, trials, rng } = request;
      const { columns } = space;
      const centreOf = (params: P): Centre => ({
        point: space.encode(params),
        active: Uint8Array.from(columns, ({ name }) => (Object.hasOwn(params, name) ? 1 : 0)),
      });
      const order = rankedTrials(trials, request);
      const goodCount = Math.min(maxGood, Math.ceil(share * order.length));
      const chosen: ReadonlySet<Trial> = new Set(order.slice(0, goodCount).map(({ trial }) => trial));
      const good = trials.filter((trial) => chosen.has(trial)).map(({ params }) => centreOf(params));
      const bad = trials.filter((trial) => !chosen.has(trial)).map(({ params }) => centreOf(params));
      const l = densityOf(columns, good);
      const seed = designSeed(request);
      const open = feasibleCandidates(request);
      return Array.from({ length: request.count }, (_, k) => {
        const stream = rng.fork(`tpe ${k}`);
        const index = trials.length + k;
        if (index < initialTrials || good.length === 0) {
          const point =
            (open.draw
              ? undefined
              : open.repair(designPoint(columns, { index, size: initialTrials, seed }))) ?? open.any(stream);
          open.take(point);
          bad.push(centreOf(space.decode(point)));
          const params = space.decode(point);
          return { params, why: { sampler: 'tpe', stage: 'initial' }, samplerState: { design: seed } };
        }
        // Running trials and the proposals of this request count as bad: the next one keeps away from them.
        const g = densityOf(columns, bad);
        let best:
          | { readonly point: Float64Array; readonly centre: Centre; readonly ratio: number }
          | undefined;
        for (let c = 0; c < candidates; c++) {
          const point = open.repair(l.draw(stream));
          if (!point) continue;
          const centre = centreOf(space.decode(point));
          const ratio = l.logRatio(centre) - g.logRatio(centre);
          if (ratio > (best?.ratio ?? -Infinity)) best = { point, centre, ratio };
        }
        const point = best?.point ?? open.any(stream);
        open.take(point);
        bad.push(best?.centre ?? centreOf(space.decode(point)));
        const why = { sampler: 'tpe', stage: 'model', good: good.length, logRatio: best?.ratio ?? null };
        return { params: space.decode(point), why };
      });
    },
  };
}
