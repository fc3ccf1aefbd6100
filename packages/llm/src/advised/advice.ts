import type { Params, SampleRequest, Why } from '@foothold/core';
import { candidates } from '../candidates/candidates.ts';
import { spentWhy } from '../limits/spent-why.ts';
import { configurationText } from '../prompts/configuration-text.ts';
import { shownText } from '../replies/shown-text.ts';
import { meteredModel } from '../surrogates/metered-model.ts';
import type { AdvisedOptions } from './advised-options.ts';

/** What the model proposed for one trial. */
interface Advice<P extends Params = Params> {
  readonly configurations: readonly P[];
  readonly why: Why;
}

/** Most characters of a failure, and of a proposed configuration, in `why`. */
const shownLength = 300;

/** Asks the model. Whatever goes wrong is in `why`; throws the reason of the signal alone. */
export async function adviceFor<P extends Params>(
  request: SampleRequest<P>,
  { model, prices, ...options }: AdvisedOptions,
): Promise<Advice<P>> {
  const { space, direction, trials, fixed, rng, signal } = request;
  const metered = meteredModel(model);
  const spent = () => spentWhy(metered.meter(), prices);
  try {
    const made = await candidates(metered.model, {
      ...options,
      ...{ space, direction, trials, fixed, signal },
      rng: rng.fork('advised'),
    });
    const { configurations, target, dropped, failure } = made;
    return {
      configurations,
      why: {
        model: model.name,
        proposed: configurations.map((params) => shownText(configurationText(params), shownLength)),
        ...(target !== undefined && { target }),
        ...(dropped.total > 0 && { dropped: { ...dropped.counts } }),
        ...spent(),
        ...(failure !== undefined && { failure: shownText(failure, shownLength) }),
      },
    };
  } catch (error) {
    signal?.throwIfAborted();
    const failure = shownText(error instanceof Error ? error.message : String(error), shownLength);
    return { configurations: [], why: { model: model.name, proposed: [], ...spent(), failure } };
  }
}
