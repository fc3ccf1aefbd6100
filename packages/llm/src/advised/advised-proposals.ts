/** Proposals of a sampler, with the adviser asked where the bandit gives it the trial, and at a few trials of an initial design. */
import type { Advice, Params, Proposal, SampleRequest, Sampler, Why } from '@foothold/core';
import { configurationKey } from '../configuration-key.ts';
import type { AdvisedOptions } from './advised-options.ts';
import { armsOf, isAdviserDrawn, type Turn, turnOf, turnState } from './adviser-share.ts';
import type { Answer } from './answer.ts';
import { acquisitionAdvice, type Consultation, consultation, isEarned } from './consultation.ts';

/** Questions while no acquisition decides, as long as no proposal was followed. */
const initialQuestions = 3;

/** One turn of a proposal that an acquisition decided. */
interface ModelTurn<P extends Params> {
  readonly asked: Consultation<P> | undefined;
  readonly advice: Advice<P> | undefined;
  readonly why: Why;
}

export async function advisedProposals<P extends Params>(
  request: SampleRequest<P>,
  sampler: Sampler,
  options: AdvisedOptions,
): Promise<readonly Proposal<P>[]> {
  const arms = armsOf(request.trials, request.direction);
  const turns: ModelTurn<P>[] = [];
  const made = await sampler.sample({
    ...request,
    async advice() {
      const name = `consultation ${turns.length}`;
      const rng = request.rng.fork(name);
      const outer = await request.advice?.();
      const why = { bandit: { adviser: { ...arms.adviser }, own: { ...arms.own } } };
      if (!isAdviserDrawn(arms, rng)) {
        turns.push({ asked: undefined, advice: undefined, why });
        return outer;
      }
      const asked = await consultation(request, options, name);
      const advice = acquisitionAdvice(request, asked, options);
      turns.push({ asked, advice, why });
      return {
        ...outer,
        ...advice,
        candidates: [...advice.candidates, ...(outer?.candidates ?? [])],
      };
    },
  });
  // An acquisition decides after the first trials.
  const before = made.length - turns.length;
  const initial = await initialProposals(request, made.slice(0, before), options);
  const done = [...initial.proposals];
  const earlier = initial.asked ? [answerOf(initial.asked)] : [];
  for (const [i, turn] of turns.entries()) {
    done.push(modelProposal(request, made[before + i]!, { ...turn, done, earlier: [...earlier] }));
    if (turn.asked) earlier.push(answerOf(turn.asked));
  }
  return done;
}

function modelProposal<P extends Params>(
  request: SampleRequest<P>,
  proposal: Proposal<P>,
  {
    asked,
    advice,
    why,
    done,
    earlier,
  }: ModelTurn<P> & { readonly done: readonly Proposal<P>[]; readonly earlier: readonly Answer<P>[] },
): Proposal<P> {
  const { space } = request;
  const place = asked && !hasFollowed(request, done) ? openPlace(request, done, asked) : undefined;
  const params = place ?? proposal.params;
  const made = space.encode(params);
  const isMade = (other: P) => space.encode(other).every((u, j) => Math.abs(u - made[j]!) < sameCoordinate);
  const offered = [...(advice?.candidates ?? []), ...(advice?.preferred ? [advice.preferred] : [])];
  const followed = place !== undefined || advice?.prior !== undefined || offered.some(isMade);
  const turn = {
    ...{ asked: asked !== undefined, followed, ...(asked && answerOf(asked)) },
    ...(earlier.length > 0 && { earlier }),
  };
  const own = place ? { ...proposal, why: { stage: 'adviser' } } : proposal;
  return withTurn({ ...own, params }, turn, { ...asked?.why, ...why });
}

/** Whether the adviser was followed at a trial, or at one of these proposals. */
function hasFollowed<P extends Params>(
  { trials }: SampleRequest<P>,
  done: readonly Proposal<P>[] = [],
): boolean {
  return [...trials, ...done].some((one) => turnOf(one)?.followed);
}

/** Coordinates that differ by less are the same: what encoding and decoding may lose. */
const sameCoordinate = 1e-9;

/**
 * The proposals of an initial design, the place of one of which goes to the configuration that the adviser's proposals agree on. Its points
 * are spread, not chosen: there a wrong one costs the least. Never the first of a study, which is the control.
 */
async function initialProposals<P extends Params>(
  request: SampleRequest<P>,
  made: readonly Proposal<P>[],
  options: AdvisedOptions,
): Promise<{ readonly proposals: readonly Proposal<P>[]; readonly asked?: Consultation<P> }> {
  const at = request.trials.length > 0 ? 0 : 1;
  const replaced = made[at];
  if (!replaced || !isInitialTurn(request)) return { proposals: made };
  const asked = await consultation(request, options, 'consultation');
  const place = openPlace(request, made, asked);
  const turn = { asked: true, initial: true, followed: place !== undefined, ...answerOf(asked) };
  const params = place ?? replaced.params;
  const own = place ? { ...replaced, why: { stage: 'adviser' } } : replaced;
  return { proposals: made.with(at, withTurn({ ...own, params }, turn, asked.why)), asked };
}

/** What the log has of a consultation. */
function answerOf<P extends Params>({ question, configurations }: Consultation<P>): Answer<P> {
  return { question, proposed: configurations };
}

/** A few questions until a proposal is followed, and then the bandit's share as long as the best trial is one that was. */
function isInitialTurn<P extends Params>(request: SampleRequest<P>): boolean {
  if (!hasFollowed(request))
    return request.trials.filter((trial) => turnOf(trial)?.asked).length < initialQuestions;
  return (
    isEarned(request) && isAdviserDrawn(armsOf(request.trials, request.direction), request.rng.fork('turn'))
  );
}

/** The configuration on which proposals that vary agree, where it may be evaluated. */
function openPlace<P extends Params>(
  { space, trials, fixed, rng }: SampleRequest<P>,
  made: readonly Proposal<P>[],
  { agreed }: Consultation<P>,
): P | undefined {
  if (!agreed || agreed.isUnanimous(rng.fork('unanimous'))) return undefined;
  const params = { ...agreed.place, ...fixed };
  const key = configurationKey(space, params);
  const taken = [...trials.filter(({ outside }) => outside === undefined), ...made];
  const isOpen = taken.every((one) => configurationKey(space, one.params) !== key);
  return isOpen && space.violation?.(params) === undefined ? params : undefined;
}

function withTurn<P extends Params>(proposal: Proposal<P>, turn: Turn<P>, why: Why): Proposal<P> {
  const { asked, followed } = turn;
  return {
    ...proposal,
    why: { ...proposal.why, adviser: { asked, followed, ...why } },
    samplerState: { ...proposal.samplerState, ...turnState(turn) },
  };
}
