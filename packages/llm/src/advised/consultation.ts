/** One question to the adviser at a trial, and what its answers up to now say together. */
import { type Advice, type Params, rankedTrials, type SampleRequest, type Why } from '@foothold/core';
import { configurationKey } from '../configuration-key.ts';
import { configurationText } from '../prompts/configuration-text.ts';
import { shownText } from '../replies/shown-text.ts';
import { adviceFor } from './advice.ts';
import { type AdvisedOptions, influenceSettings } from './advised-options.ts';
import { turnOf } from './adviser-share.ts';
import { type Agreement, agreement } from './agreement.ts';
import { recordedAnswer } from './recorded-answers.ts';

export interface Consultation<P extends Params = Params> {
  /** Names what was asked, in the log. */
  readonly question: string;
  /** What the model proposed now. */
  readonly configurations: readonly P[];
  /** Where its proposals of all trials agree, if they do so more than chance. */
  readonly agreed: Agreement<P> | undefined;
  /** Share of those that agree. */
  readonly share: number;
  readonly why: Why;
}

/** Latest proposals that are compared. */
const compared = 40;

/**
 * Asks the model, or the log where a suggestion is made again. Whatever goes wrong is in `why`. Only forks of the request's stream, by the name
 * of the question, are drawn from.
 */
export async function consultation<P extends Params>(
  of: SampleRequest<P>,
  options: AdvisedOptions,
  name: string,
): Promise<Consultation<P>> {
  const question = `${of.trials.length} ${name}`;
  const recorded = recordedAnswer(of, question);
  const request = { ...of, rng: of.rng.fork(name) };
  const { configurations, why } = recorded
    ? { configurations: recorded, why: {} }
    : await adviceFor(request, options);
  const all = distinctWithin(request, [
    ...request.trials.flatMap((trial) => turnOf<P>(trial)?.proposed ?? []),
    ...configurations,
  ]).slice(-compared);
  const found = agreement(request.space, all);
  const isSignificant = found?.isSignificant(request.rng.fork('agreement')) ?? false;
  return {
    question,
    configurations,
    agreed: isSignificant ? found : undefined,
    share: (found?.members.length ?? 0) / all.length,
    why: { ...why, ...(found && { agreement: { isSignificant, ...agreementWhy(found, all.length) } }) },
  };
}

function agreementWhy({ place, members }: Agreement, proposals: number): Why {
  return {
    ...{ proposals, members: members.length },
    around: shownText(configurationText(place), 300),
  };
}

/** Each once, without those that the space, which may have been edited, does not know. */
function distinctWithin<P extends Params>(
  { space }: SampleRequest<P>,
  proposals: readonly P[],
): readonly P[] {
  const found = new Map<string, P>();
  for (const params of proposals)
    try {
      found.set(configurationKey(space, params), params);
    } catch {
      // Of an edited space.
    }
  return [...found.values()];
}

/** Whether the best trial is one that followed the adviser: as long as it is, its prior decides with the acquisition. */
export function isEarned<P extends Params>(request: SampleRequest<P>): boolean {
  const best = rankedTrials(request.trials, request)[0]?.trial;
  return best !== undefined && turnOf(best)?.followed === true;
}

/**
 * What the acquisition gets of it: nothing without agreement, and of proposals that do not vary only their place, where the surrogate expects
 * the best value there. So an adviser that says the same always, or anything, changes no trial.
 */
export function acquisitionAdvice<P extends Params>(
  request: SampleRequest<P>,
  { configurations, agreed, share }: Consultation<P>,
  options: AdvisedOptions,
): Advice<P> {
  const { influence, strength } = influenceSettings(options);
  if (!agreed) return { candidates: [] };
  if (strength > 0 && isEarned(request))
    return {
      candidates: configurations,
      preferred: agreed.place,
      prior: { around: agreed.members, weight: Math.min(share, 0.99), influence, strength },
    };
  const isVaried = !agreed.isUnanimous(request.rng.fork('unanimous'));
  return { candidates: isVaried ? configurations : [], preferred: agreed.place };
}
