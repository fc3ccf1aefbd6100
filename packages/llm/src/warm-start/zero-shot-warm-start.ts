import {
  InvalidArgumentError,
  type Json,
  type LanguageModel,
  type Params,
  type ProgramState,
  type Proposal,
  runningTrials,
  type SampleRequest,
  type Sampler,
  type Trial,
  type Why,
} from '@foothold/core';
import { checkProblem } from '../card/check-problem.ts';
import type { TaskCard } from '../card/task-card-schema.ts';
import { type TaskContext, taskContexts } from '../card/task-text.ts';
import { configurationKey } from '../configuration-key.ts';
import type { Prices } from '../limits/prices.ts';
import { spentWhy } from '../limits/spent-why.ts';
import { wholeFromOne } from '../whole-from-one.ts';
import { proposeZeroShot, type ZeroShotProposals } from './propose-zero-shot.ts';

export interface ZeroShotWarmStartOptions {
  readonly card: TaskCard;
  /** How much of the card the model is shown. Default: 'full'. */
  readonly context?: TaskContext | undefined;
  /** Trials that the model proposes, a whole number from 1. Default: 5 (Liu et al. 2024). */
  readonly count?: number | undefined;
  /** Proposes all further trials, and these where the model fails or proposes too few. */
  readonly sampler: Sampler;
  /** Most tokens of an answer. Default: 1000. */
  readonly maxTokens?: number | undefined;
  /** Default: 0.7 (Liu et al. 2024). */
  readonly temperature?: number | undefined;
  /** For the cost in `why`. */
  readonly prices?: Prices | undefined;
}

/**
 * A sampler whose first `count` trials a language model proposes, before anything was evaluated. It is asked at the first of them, for
 * all, and once more with the reasons where some cannot be used; the trial's `samplerState` has the others. Trials that exist already, loaded ones too,
 * count. `why` says the model, the context, tokens, cost and what was dropped. A study's `check` throws TaskCardError for a card that contradicts
 * the problem. Throws InvalidArgumentError for options outside of their ranges.
 */
export function zeroShotWarmStart(model: LanguageModel, options: ZeroShotWarmStartOptions): Sampler {
  const settings = checkedSettings(options);
  const { card, context, count, sampler } = settings;
  const { name: innerName = 'unnamed', options: innerOptions } = sampler;
  return {
    ...sampler,
    name: 'zero-shot-warm-start',
    options: {
      ...{ model: model.name, context, count, card: card as unknown as Json },
      ...{ maxTokens: settings.maxTokens, temperature: settings.temperature },
      sampler: { name: innerName, ...(innerOptions !== undefined && { options: innerOptions }) },
    },
    check(problem) {
      sampler.check?.(problem);
      checkProblem(card, problem);
    },
    async sample<P extends Params>(request: SampleRequest<P>): Promise<readonly Proposal<P>[]> {
      const open = Math.min(Math.max(count - request.trials.length, 0), request.count);
      if (open === 0) return sampler.sample(request);
      const { planned, why } = plannedIn(request.trials) ?? (await asked(model, settings, request));
      const chosen = openOf(request, planned, open);
      const proposals = chosen.map((params) => ({ params, why, samplerState: stateOf(planned, why) }));
      const rest = request.count - proposals.length;
      if (rest === 0) return proposals;
      const running = runningTrials(proposals, request.trials);
      const more = await sampler.sample({ ...request, trials: [...request.trials, ...running], count: rest });
      return [
        ...proposals,
        ...more.map((proposal, i) =>
          i < open - chosen.length ? withNote(proposal, planned, why) : proposal,
        ),
      ];
    },
  };
}

interface Plan<P extends Params = Params> {
  readonly planned: readonly P[];
  readonly why: Why;
}

function checkedSettings(options: ZeroShotWarmStartOptions) {
  const { context = 'full', count = 5, maxTokens = 1000, temperature = 0.7 } = options;
  if (!taskContexts.includes(context))
    throw new InvalidArgumentError('context', context, taskContexts.join(', '));
  if (!(temperature >= 0 && temperature <= 2))
    throw new InvalidArgumentError('temperature', temperature, 'a number from 0 to 2');
  wholeFromOne('count', count);
  wholeFromOne('maxTokens', maxTokens);
  return { ...options, context, count, maxTokens, temperature };
}

/** The plan of the model's answer. */
async function asked<P extends Params>(
  model: LanguageModel,
  settings: ReturnType<typeof checkedSettings>,
  request: SampleRequest<P>,
): Promise<Plan<P>> {
  const { card, context, maxTokens, temperature, prices } = settings;
  const { space, trials, rng, signal } = request;
  const count = settings.count - trials.length;
  const taken = trials.filter(({ outside }) => outside === undefined).map(({ params }) => params);
  const seed = Math.floor(rng.fork('zero-shot').next() * 2 ** 31);
  const made = await proposeZeroShot({
    model,
    card,
    context,
    space,
    count,
    taken,
    maxTokens,
    temperature,
    seed,
    signal,
  });
  return { planned: made.configurations, why: whyOf(made, { model: model.name, context, prices }) };
}

function whyOf(
  { configurations, dropped, failure, ...spent }: ZeroShotProposals,
  {
    model,
    context,
    prices,
  }: { readonly model: string; readonly context: string; readonly prices: Prices | undefined },
): Why {
  return {
    stage: 'zero-shot warm start',
    ...{ model, context, proposed: configurations.length },
    ...spentWhy(spent, prices),
    ...(dropped.total > 0 && { dropped: { ...dropped.counts } }),
    ...(failure !== undefined && { failure }),
  };
}

/** Under this name in the state of a trial, beside what another sampler keeps there. */
const stateName = 'zeroShot';

function stateOf(planned: readonly Params[], why: Why): ProgramState {
  return { [stateName]: { planned: [...planned], why } };
}

/** The plan that an earlier trial holds. */
function plannedIn<P extends Params>(trials: readonly Trial<P>[]): Plan<P> | undefined {
  const state = trials.findLast(({ samplerState }) => samplerState?.[stateName])?.samplerState?.[stateName];
  if (typeof state !== 'object' || state === null || !('planned' in state)) return undefined;
  const { planned, why } = state as unknown as Plan<P>;
  return {
    planned,
    why: { ...why, calls: 0, tokens: { prompt: 0, completion: 0 }, ...('cost' in why && { cost: 0 }) },
  };
}

/** The planned configurations, with the given values, that the space allows and no trial has. */
function openOf<P extends Params>(
  request: SampleRequest<P>,
  planned: readonly P[],
  count: number,
): readonly P[] {
  const { space, trials, fixed, repeat } = request;
  const taken = new Set(
    repeat
      ? []
      : trials.filter((t) => t.outside === undefined).map(({ params }) => configurationKey(space, params)),
  );
  const open: P[] = [];
  for (const plan of planned) {
    if (open.length >= count) break;
    const params = { ...plan, ...fixed };
    const key = keyWithin(space, params);
    if (key === undefined || taken.has(key)) continue;
    taken.add(key);
    open.push(params);
  }
  return open;
}

/** The params' coordinates as a text; undefined where the space has no such params: it may have been edited. */
function keyWithin<P extends Params>(space: SampleRequest<P>['space'], params: P): string | undefined {
  try {
    const key = configurationKey(space, params);
    return space.violation?.(params) === undefined ? key : undefined;
  } catch {
    return undefined;
  }
}

/** A proposal of the sampler beneath in place of one of the model's: with why, and with the plan, so that the model is not asked again. */
function withNote<P extends Params>(proposal: Proposal<P>, planned: readonly P[], why: Why): Proposal<P> {
  return {
    ...proposal,
    why: { ...proposal.why, adviser: why },
    samplerState: { ...proposal.samplerState, ...stateOf(planned, why) },
  };
}
