import type { Params } from '@foothold/core';
import type { BeliefFigures, GainFigures, ModelFigures, StudyFigures } from '@foothold/study-model';
import { printable } from '../safe-text.ts';
import { paramsText, short } from '../trial-text.ts';

/** What is found in a study, a row a figure: what it is, and the figure in words. */
export function figureRows(found: StudyFigures): readonly (readonly [string, string])[] {
  const { study, metric, direction, trials, best, gains, model, failures, pruned } = found;
  const several =
    found.objectives > 1
      ? ` (the first of ${found.objectives} objectives; front: ${found.front} trials)`
      : '';
  const states = Object.entries(trials).flatMap(([state, n]) =>
    state !== 'total' && n > 0 ? [`${n} ${state}`] : [],
  );
  return [
    ['study', printable(study)],
    ['goal', `${direction} ${printable(metric)}${several}`],
    ['trials', `${trials.total}${states.length > 0 ? `: ${states.join(', ')}` : ''}`],
    [
      'best',
      best
        ? `${short(best.value)} (trial ${best.trial}): ${paramsText(best.params)}`
        : 'no trial has a value that counts',
    ],
    ...(best?.belief ? [['model there', beliefText(best.belief)] as const] : []),
    ...gains.map((gain) => ['gain', gainText(gain)] as const),
    ...(model ? modelRows(model) : [['model', 'none could be made of the trials'] as const]),
    ...failures.map(({ reason, trials: n }) => ['failed', `${n} × ${reason.slice(0, 200)}`] as const),
    ...(pruned ? [['pruned', `at steps ${pruned.firstStep} to ${pruned.lastStep}`] as const] : []),
  ];
}

function modelRows({
  noise,
  varies,
  importance,
  pairs,
  next,
}: ModelFigures): readonly (readonly [string, string])[] {
  return [
    ...(noise === undefined ? [] : [['noise', `standard deviation ${short(noise)} of one value`] as const]),
    ...(varies
      ? importance.map(
          ({ name, total, alone }) =>
            [
              'importance',
              `${printable(name)} ${percent(total.share)} (${percent(total.low)} to ${percent(total.high)}), alone ${percent(alone.share)}`,
            ] as const,
        )
      : [['importance', 'no parameter has an effect that the model sees'] as const]),
    ...pairs.map(
      ({ names, share }) => ['interaction', `${names.map(printable).join(' × ')} ${percent(share)}`] as const,
    ),
    ...next.map(({ params, better, ...belief }) => ['next', nextText(params, { belief, better })] as const),
  ];
}

function nextText(
  params: Params,
  { belief, better }: { readonly belief: BeliefFigures; readonly better: number },
): string {
  return `${paramsText(params)}: ${beliefText(belief)}, better with ${percent(better)}`;
}

function beliefText({ mean, low, high }: BeliefFigures): string {
  return `expects ${short(mean)} (90 % between ${short(low)} and ${short(high)})`;
}

function gainText({ over, trial, trials, value, gain, relative }: GainFigures): string {
  const than =
    over === 'default'
      ? `the default configuration (trial ${trial}, ${short(value)})`
      : `the best of the first ${trials} trials (trial ${trial}, ${short(value)})`;
  return `${short(gain)}${relative === undefined ? '' : ` (${percent(relative)})`} over ${than}`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
