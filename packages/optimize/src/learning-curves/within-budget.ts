import {
  hasValues,
  type Params,
  type Proposal,
  rankedTrials,
  runningTrials,
  type SampleRequest,
  type Sampler,
  type TrainingFidelity,
  type Trial,
} from '@foothold/core';
import {
  asKnownConfiguration,
  piecesOf,
  type TrainedConfiguration,
  type TrainingBudget,
  trainingCosts,
} from '@foothold/study';

/**
 * The sampler within a budget: its pieces, but for the last ones. As long as no configuration is fully trained or in its last piece, a
 * piece after which the rest would not be enough to train one fully is replaced by the last piece of the paused configuration that was
 * trained furthest, of equally far ones the best. Where all others run or have failed, the piece itself goes to the end: it may
 * cost more than what is left, by less than one full training. A piece that costs more than what is left is otherwise replaced in the same way by
 * one that does not, or ends earlier.
 *
 * What the request fixes is kept: only configurations with these values take the place of a piece, and one of a fixed fidelity stays as
 * it is.
 */
export function withinBudget(sampler: Sampler, of: TrainingBudget): Sampler {
  return {
    ...sampler,
    async sample<P extends Params>(request: SampleRequest<P>) {
      const made: Proposal<P>[] = [];
      for (const proposal of await sampler.sample(request)) {
        const trials = [...request.trials, ...runningTrials(made, request.trials)];
        const { space } = request;
        const params = asKnownConfiguration(proposal.params, { space, trials, fidelity: of.fidelity });
        made.push(affordable({ ...proposal, params }, { request, trials, of }));
      }
      return made;
    },
  };
}

/** A configuration that no trial trains, and what is left to train of it. */
interface Paused<P extends Params> {
  readonly last: Trial<P>;
  readonly reached: number;
  readonly rest: number;
}

function affordable<P extends Params>(
  proposal: Proposal<P>,
  {
    request,
    trials,
    of: { fidelity, budget },
  }: {
    readonly request: SampleRequest<P>;
    readonly trials: readonly Trial<P>[];
    readonly of: TrainingBudget;
  },
): Proposal<P> {
  const { name, max, continues = true } = fidelity;
  const { fixed = {} } = request;
  if ((fixed as Partial<Params>)[name] !== undefined) return proposal;
  const remaining = trainingCosts(trials, fidelity).reduce((left, cost) => left - cost, budget);
  const to = Number(proposal.params[name]);
  const [own] = piecesOf(
    [...trials, { number: -1, params: proposal.params, reports: [], state: 'running' } as Trial<P>],
    fidelity,
  ).filter(({ pieces }) => pieces.at(-1)!.number === -1);
  const from = continues ? own!.reached : 0;
  const isSafe = trials.some(
    ({ params, state }) => params[name] === max && (state === 'complete' || state === 'running'),
  );
  const paused = pausedOf(trials, fidelity, request);
  const after = Math.min(continues ? max - to : max, paused[0]?.rest ?? max);
  const isLast = !isSafe && to < max && remaining - (to - from) < after;
  if (!isLast && to - from <= remaining) return proposal;
  const open = paused.filter(({ last: { params } }) => hasValues(params, fixed));
  const best = open.find(({ rest }) => rest <= remaining);
  if (best) return ended(proposal, { params: best.last.params, to: max, name });
  if (isLast) {
    const { last, rest = Infinity } = open[0] ?? {};
    const params = last && rest < max - from ? last.params : proposal.params;
    return ended(proposal, { params, to: max, name });
  }
  if (to - from <= remaining || remaining < 1) return proposal;
  return ended(proposal, { params: proposal.params, to: from + Math.floor(remaining), name });
}

function ended<P extends Params>(
  proposal: Proposal<P>,
  { params, to, name }: { readonly params: P; readonly to: number; readonly name: string },
): Proposal<P> {
  const why = { ...proposal.why, budget: 'what is left of the budget allows no other piece' };
  return { ...proposal, why, params: { ...params, [name]: to } };
}

/** Those that may go on, the furthest first, of equally far ones the best. */
function pausedOf<P extends Params>(
  trials: readonly Trial<P>[],
  fidelity: TrainingFidelity,
  goal: SampleRequest<P>,
): readonly Paused<P>[] {
  const { name, max, continues = true } = fidelity;
  const open = piecesOf(trials, fidelity).filter(
    ({ reached, pieces }) =>
      reached > 0 && reached < max && pieces.every((piece) => !isInTheWay(piece, reached, name)),
  );
  const last = open.map(({ pieces, reached }) => lastOf(pieces, reached, name));
  const place = new Map(rankedTrials(last, goal).map(({ trial }, i) => [trial as Trial<P>, i]));
  return open
    .map(({ reached }, i) => ({
      last: last[i]!,
      reached,
      rest: continues ? max - reached : max,
    }))
    .sort(
      (a, b) => b.reached - a.reached || (place.get(a.last) ?? Infinity) - (place.get(b.last) ?? Infinity),
    );
}

/** It runs, or it failed or was pruned beyond what was reached. */
function isInTheWay({ state, params }: Trial, reached: number, name: string): boolean {
  if (state === 'running') return true;
  return (state === 'failed' || state === 'pruned') && Number(params[name]) > reached;
}

function lastOf<P extends Params>(
  pieces: TrainedConfiguration<P>['pieces'],
  reached: number,
  name: string,
): Trial<P> {
  return pieces.find(({ state, params }) => state === 'complete' && params[name] === reached)!;
}
