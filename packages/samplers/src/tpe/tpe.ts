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
  type Rng,
  rankedTrials,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  type Trial,
} from '@foothold/core';
import { designPoint, designSeed } from '../bayesian/initial-design.ts';
import { type FeasibleCandidates, feasibleCandidates } from '../feasible-candidates.ts';
import { positiveWhole } from '../positive-whole.ts';
import { type Centre, type Density, densityOf } from './density.ts';

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
    options: { initialTrials, candidates, share },
    supports: [
      'conditional',
      'input-constraints',
      'fixed',
      'outcome-constraints',
      'several-objectives',
      'continuous',
    ],
    async sample<P extends Params>(request: SampleRequest<P>): Promise<readonly Proposal<P>[]> {
      const { space, trials, rng } = request;
      const centreOf = centresIn(space);
      const { good, bad } = split(request, share);
      const goodCentres = good.map(({ params }) => centreOf(params));
      const badCentres = bad.map(({ params }) => centreOf(params));
      const l = densityOf(space.columns, goodCentres);
      const seed = designSeed(request);
      const open = feasibleCandidates(request);
      const proposals: Proposal<P>[] = [];
      for (let k = 0; k < request.count; k++) {
        const stream = rng.fork(`tpe ${k}`);
        const index = trials.length + k;
        const isInitial = index < initialTrials || good.length === 0;
        // Running trials and the proposals of this request count as bad: the next one keeps away from them.
        const best = isInitial
          ? undefined
          : largestRatio({ l, g: densityOf(space.columns, badCentres), open, candidates, stream }, (point) =>
              centreOf(space.decode(point)),
            );
        const designed =
          isInitial && !open.draw
            ? open.repair(await designPoint(space.columns, { index, size: initialTrials, seed }))
            : undefined;
        const point = best?.point ?? designed ?? open.any(stream);
        open.take(point);
        const params = space.decode(point);
        badCentres.push(best?.centre ?? centreOf(params));
        proposals.push(
          isInitial
            ? { params, why: { sampler: 'tpe', stage: 'initial' }, samplerState: { design: seed } }
            : {
                params,
                why: { sampler: 'tpe', stage: 'model', good: good.length, logRatio: best?.ratio ?? null },
              },
        );
      }
      return proposals;
    },
  };
}

/** The best share of the ranked trials, and all others, each in order of their numbers. */
function split<P extends Params>(request: SampleRequest<P>, share: number) {
  const { trials } = request;
  const order = rankedTrials(trials, request);
  const count = Math.min(maxGood, Math.ceil(share * order.length));
  const chosen: ReadonlySet<Trial> = new Set(order.slice(0, count).map(({ trial }) => trial));
  return {
    good: trials.filter((trial) => chosen.has(trial)),
    bad: trials.filter((trial) => !chosen.has(trial)),
  };
}

/** A function from parameters to the centre of their kernel. */
function centresIn<P extends Params>(space: SearchSpace<P>): (params: P) => Centre {
  return (params) => {
    const point = space.encode(params);
    // A trial outside of an edited space teaches in the columns in which it is inside.
    const isKnown = (name: string, u: number) => Object.hasOwn(params, name) && u >= 0 && u <= 1;
    const active = Uint8Array.from(space.columns, ({ name }, j) => (isKnown(name, point[j]!) ? 1 : 0));
    return { point, active };
  };
}

/** Of some feasible draws from l the one with the largest l/g; undefined where none is feasible. */
function largestRatio(
  {
    l,
    g,
    open,
    candidates,
    stream,
  }: {
    readonly l: Density;
    readonly g: Density;
    readonly open: FeasibleCandidates;
    readonly candidates: number;
    readonly stream: Rng;
  },
  centreAt: (point: Float64Array) => Centre,
) {
  let best: { readonly point: Float64Array; readonly centre: Centre; readonly ratio: number } | undefined;
  for (let c = 0; c < candidates; c++) {
    const point = open.repair(l.draw(stream));
    if (!point) continue;
    const centre = centreAt(point);
    const ratio = l.logRatio(centre) - g.logRatio(centre);
    if (ratio > (best?.ratio ?? -Infinity)) best = { point, centre, ratio };
  }
  return best;
}
