import {
  type CompletionRequest,
  type Direction,
  outliersOf,
  type Params,
  type Rng,
  type Trial,
} from '@foothold/core';
import { taskText } from '../card/task-text.ts';
import { candidatesPrompt } from '../prompts/candidates-prompt.ts';
import { configurationText } from '../prompts/configuration-text.ts';
import type { EvaluatedLine } from '../prompts/evaluated-list.ts';
import { type ScoreScale, scoreScale } from '../prompts/score-scale.ts';
import { zeroShotPrompt } from '../prompts/zero-shot-prompt.ts';
import { chosenExamples, completionSeed } from '../surrogates/language-dataset.ts';
import { withNote } from '../surrogates/surrogate-settings.ts';
import { templatesOf } from '../surrogates/templates.ts';
import { type ShownSpace, shownSpace } from '../views/shown-space.ts';
import type { CandidateSettings, CandidatesRequest } from './candidate-options.ts';
import { targetScore } from './target-score.ts';

/** The requests for all candidates: one a template for its share, or one for first configurations where there is no target. */
export function candidateRequests<P extends Params>(
  request: CandidatesRequest<P>,
  settings: CandidateSettings,
): {
  readonly requests: readonly CompletionRequest[];
  readonly view: ShownSpace<P>;
  readonly target: number | undefined;
} {
  const { space, card, direction, trials, rng, signal } = request;
  const { context, count, temperature, maxTokens, alpha } = settings;
  const view = shownSpace(space, settings.warping);
  const told = trials.filter(({ outside }) => outside === undefined);
  const regular = regularValues(request, told);
  const target = targetScore(regular, { direction, alpha });
  const taskOf = (order: readonly string[]) =>
    withNote(taskText(card, { space: view.space, context, order }), view.note);
  const seed = (t: number) => completionSeed(rng.fork(`candidates ${t}`));
  const common = { maxTokens, temperature, signal };
  if (target === undefined) {
    const prompt = zeroShotPrompt({ task: taskOf(view.names), names: view.names, count });
    return {
      requests: [{ ...common, prompt, maxTokens: maxTokens * count, seed: seed(0) }],
      view,
      target,
    };
  }
  const templates = templatesOf({
    count: Math.min(settings.templates, count),
    rows: exampleRows(told, { direction, limit: settings.examples, rng: rng.fork('examples') }),
    ...{ names: view.names, shuffleFeatures: settings.shuffleFeatures, rng: rng.fork('templates') },
  });
  const scale = scoreScale([...regular, target]);
  const requests = templates.map(({ rows, order }, t) => ({
    ...common,
    prompt: candidatesPrompt({
      task: taskOf(order),
      metric: context === 'none' ? 'score' : card.metric,
      names: order,
      evaluated: rows.map((i) => lineOf(told[i]!, { view, order, scale })),
      target: scale.text(
        settings.jitter ? jittered(regular, { direction, alpha, rng: rng.fork(`jitter ${t}`) }) : target,
      ),
      fixed: configurationText(view.shown(request.fixed ?? {}), { order }),
    }),
    // Shares differ by one at most.
    count: Math.floor((count + t) / templates.length),
    seed: seed(t),
  }));
  return { requests, view, target };
}

/** Finite values of complete trials without the outliers on the bad side: a penalty of 1e30 is no range. */
function regularValues<P extends Params>(
  { space, direction }: CandidatesRequest<P>,
  trials: readonly Trial<P>[],
): readonly number[] {
  const bound = outliersOf(space, trials, direction)?.bound;
  return trials.flatMap((trial) => {
    if (trial.state !== 'complete' || !Number.isFinite(trial.value)) return [];
    const isWorse =
      bound !== undefined && (direction === 'maximize' ? trial.value < bound : trial.value > bound);
    return isWorse ? [] : [trial.value];
  });
}

/** A target that is drawn between the best value and the target. */
function jittered(
  values: readonly number[],
  { direction, alpha, rng }: { readonly direction: Direction; readonly alpha: number; readonly rng: Rng },
): number {
  return targetScore(values, { direction, alpha: alpha * rng.next() })!;
}

function exampleRows<P extends Params>(
  trials: readonly Trial<P>[],
  { direction, limit, rng }: { readonly direction: Direction; readonly limit: number; readonly rng: Rng },
): readonly number[] {
  const worth = trials.map((trial) =>
    trial.state === 'complete' && Number.isFinite(trial.value)
      ? direction === 'maximize'
        ? trial.value
        : -trial.value
      : -Number.MAX_VALUE,
  );
  return chosenExamples(worth, limit, rng);
}

function lineOf<P extends Params>(
  trial: Trial<P>,
  {
    view,
    order,
    scale,
  }: { readonly view: ShownSpace<P>; readonly order: readonly string[]; readonly scale: ScoreScale },
): EvaluatedLine {
  const isValue = trial.state === 'complete' && Number.isFinite(trial.value);
  return {
    configuration: configurationText(view.shown(trial.params), { order }),
    outcome: isValue ? scale.text(trial.value) : trial.state === 'complete' ? 'no number' : trial.state,
  };
}
