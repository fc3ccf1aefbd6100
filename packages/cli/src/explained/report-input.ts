import type { Params, SpaceDescription } from '@foothold/core';
import type { ReportFigure } from '@foothold/llm';
import type { StudyFigures } from '@foothold/study-model';
import { printable, withoutSecrets } from '../safe-text.ts';

/** What a language model is told of a study. */
export interface ReportInput {
  readonly figures: readonly ReportFigure[];
  readonly facts: readonly string[];
  /** Names and texts that may have digits. */
  readonly texts: readonly string[];
}

/** A model is told of so many parameters at most, those of largest importance. */
const maxParameters = 20;

/** The figures of a study as a model gets them, and the facts that are no figures. Secrets and control characters are left out. */
export function reportInput(found: StudyFigures, space: SpaceDescription | undefined): ReportInput {
  const shown = (text: string) => printable(withoutSecrets(text));
  const failures = found.failures.map(({ reason }) => shown(reason).slice(0, 200));
  return {
    // A value told as infinite, or an end of an interval that overflows, cannot be stated.
    figures: [...countFigures(found, failures), ...valueFigures(found), ...modelFigures(found)].filter(
      ({ value }) => Number.isFinite(value),
    ),
    facts: [
      `Study: ${shown(found.study)}`,
      `Goal: ${found.direction} ${shown(found.metric)}${found.objectives > 1 ? ', the first of several objectives' : ''}`,
      ...(found.best
        ? choiceFacts('the best trial', found.best.params)
        : ['No trial has a value that counts.']),
      ...(found.model?.next ?? []).flatMap(({ params }, i) => choiceFacts(pointName(i), params)),
      ...(found.model
        ? []
        : ['No model could be made of the trials: importance and next points are not known.']),
      ...(found.model?.varies === false ? ['The model sees no variation: no parameter has an effect.'] : []),
      ...failures.map((reason) => `Reason of failed trials: ${reason}`),
    ],
    texts: [
      ...[found.study, found.metric, ...failures, ...failures.flatMap(phrasesWithDigits)],
      ...namesIn(space, found),
    ].map(shown),
  };
}

/** Letters, so that the name is no number. */
function pointName(index: number): string {
  return `next point ${String.fromCharCode(65 + index)}`;
}

const count = (name: string, value: number, about?: readonly string[]): ReportFigure => ({
  ...{ name, value, kind: 'count' },
  ...(about && { about }),
});
const share = (name: string, value: number, about?: readonly string[]): ReportFigure => ({
  ...{ name, value, kind: 'share' },
  ...(about && { about }),
});
const quantity = (name: string, value: number, about?: readonly string[]): ReportFigure => ({
  ...{ name, value, kind: 'quantity' },
  ...(about && { about }),
});

function countFigures(found: StudyFigures, failures: readonly string[]): readonly ReportFigure[] {
  const { trials, front, pruned, model } = found;
  return [
    count('trials in all', trials.total),
    count('complete trials', trials.complete),
    count('failed trials', trials.failed),
    count('pruned trials', trials.pruned),
    count('running trials', trials.running),
    count('parameters', found.parameters),
    ...(found.objectives > 1 ? [count('objectives', found.objectives)] : []),
    ...(front === undefined ? [] : [count('trials of the Pareto front', front)]),
    ...found.failures.map((failure, i) => count(`trials that failed with: ${failures[i]}`, failure.trials)),
    ...(pruned
      ? [
          count('first step at which a trial was pruned', pruned.firstStep),
          count('last step at which a trial was pruned', pruned.lastStep),
        ]
      : []),
    ...(model
      ? [count('trials that the model learned from', model.trials), count('next points', model.next.length)]
      : []),
  ];
}

function valueFigures({ best, gains }: StudyFigures): readonly ReportFigure[] {
  if (!best) return [];
  return [
    count('number of the best trial', best.trial),
    quantity('best value', best.value),
    ...paramFigures('the best trial', best.params),
    ...(best.belief ? beliefFigures('the best trial', best.belief) : []),
    ...gains.flatMap(({ over, trial, trials, value, gain, relative }) => {
      const name = over === 'default' ? 'the default configuration' : 'the best of the first trials';
      return [
        count(`number of the trial that is ${name}`, trial),
        ...(over === 'default' ? [] : [count('how many trials are the first ones', trials)]),
        quantity(`value of ${name}`, value),
        quantity(`improvement of the best value over ${name}`, gain),
        ...(relative === undefined ? [] : [share(`the same as a share of the value of ${name}`, relative)]),
      ];
    }),
  ];
}

function modelFigures({ model }: StudyFigures): readonly ReportFigure[] {
  if (!model) return [];
  return [
    ...(model.noise === undefined
      ? []
      : [quantity('standard deviation of the noise in one value', model.noise)]),
    share('probability that a value lies in its interval', 0.9),
    ...model.importance
      .slice(0, maxParameters)
      .flatMap(({ rank, name, alone, total }) => [
        count(`rank of ${name} by importance`, rank, [name]),
        share(`importance of ${name} with its interactions`, total.share, [name]),
        share(`importance of ${name} with its interactions, low end`, total.low, [name]),
        share(`importance of ${name} with its interactions, high end`, total.high, [name]),
        share(`importance of ${name} alone`, alone.share, [name]),
      ]),
    ...model.pairs.map(({ names, share: of }) =>
      share(`interaction of ${names.join(' and ')}, beyond each alone`, of, names),
    ),
    ...model.next.flatMap(({ params, better, ...belief }, i) => [
      ...paramFigures(pointName(i), params),
      ...beliefFigures(pointName(i), belief),
      share(`probability that ${pointName(i)} is better than the best trial`, better),
    ]),
  ];
}

function beliefFigures(
  name: string,
  { mean, low, high }: { readonly mean: number; readonly low: number; readonly high: number },
): readonly ReportFigure[] {
  return [
    quantity(`value that the model expects at ${name}`, mean),
    quantity(`value at ${name}, low end`, low),
    quantity(`value at ${name}, high end`, high),
  ];
}

function paramFigures(name: string, params: Params): readonly ReportFigure[] {
  return Object.entries(params).flatMap(([key, value]) =>
    typeof value === 'number' ? [quantity(`${key} of ${name}`, value, [key])] : [],
  );
}

/** What a text may quote of a reason: `error 700`, `train.py:12`. */
function phrasesWithDigits(reason: string): readonly string[] {
  return [...reason.matchAll(/(?:\p{L}+[\s:=]+)?[^\s()[\]]*\p{N}[^\s()[\],;.]*/gu)].map(([phrase]) => phrase);
}

function choiceFacts(name: string, params: Params): readonly string[] {
  const choices = Object.entries(params).flatMap(([key, value]) =>
    typeof value === 'number' ? [] : [`${key} is ${value}`],
  );
  return choices.length > 0 ? [printable(withoutSecrets(`In ${name}, ${choices.join(', ')}`))] : [];
}

function namesIn(space: SpaceDescription | undefined, { best }: StudyFigures): readonly string[] {
  const parameters = Object.entries(space ?? {}).filter(([name]) => !name.startsWith('$'));
  const choices = parameters.flatMap(([, parameter]) => ('choices' in parameter ? parameter.choices : []));
  const texts = [...choices, ...Object.values(best?.params ?? {})].filter((one) => typeof one === 'string');
  return [...new Set([...parameters.map(([name]) => name), ...Object.keys(best?.params ?? {}), ...texts])];
}
