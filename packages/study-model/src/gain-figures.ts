import {
  type CompleteTrial,
  figureOf,
  type Goal,
  type Params,
  type SpaceDescription,
  type Trial,
  violationOf,
} from '@foothold/core';
import { spaceOf } from '@foothold/space';

/** How much better the best trial is than another one. */
export interface GainFigures {
  readonly over: 'default' | 'first trials';
  /** The trial that is compared with: that of the default configuration, or the best of the first trials. */
  readonly trial: number;
  /** How many trials are the first; 1 for the default. */
  readonly trials: number;
  readonly value: number;
  /** From 0, in the study's units. */
  readonly gain: number;
  /** The gain as a share of the absolute value that is compared with; absent where that is 0. */
  readonly relative?: number;
}

/** How many trials are the first ones: about as many as come before the first model. */
const firstTrials = 5;

/** The gain over the default configuration, where a trial has it, and over the best of the first complete trials, where others follow. */
export function gainFigures(
  trials: readonly Trial[],
  {
    best,
    goal,
    metric,
    space,
  }: {
    readonly best: CompleteTrial;
    readonly goal: Goal;
    readonly metric: string;
    readonly space: SpaceDescription | undefined;
  },
): readonly GainFigures[] {
  const complete = trials.filter(
    (trial): trial is CompleteTrial => trial.state === 'complete' && violationOf(goal, trial) === 0,
  );
  const sign = (goal.objectives?.[0]?.direction ?? goal.direction) === 'maximize' ? 1 : -1;
  const score = (trial: CompleteTrial) => sign * figureOf(trial, metric);
  const gainOver = (over: GainFigures['over'], other: CompleteTrial, count: number): GainFigures => {
    const value = figureOf(other, metric);
    const gain = score(best) - score(other);
    return {
      ...{ over, trial: other.number, trials: count, value, gain },
      ...(value !== 0 && { relative: gain / Math.abs(value) }),
    };
  };
  const defaults = space && defaultsOf(space);
  const byDefault = defaults && complete.find(({ params }) => isSame(params, defaults));
  const first = complete.slice(0, firstTrials);
  const [head, ...rest] = first;
  return [
    ...(byDefault ? [gainOver('default', byDefault, 1)] : []),
    ...(head && complete.length > firstTrials
      ? [
          gainOver(
            'first trials',
            rest.reduce((top, trial) => (score(trial) > score(top) ? trial : top), head),
            first.length,
          ),
        ]
      : []),
  ];
}

function defaultsOf(description: SpaceDescription): Params | undefined {
  const { defaults } = spaceOf(description);
  return defaults && Object.keys(defaults).length > 0 ? (defaults as Params) : undefined;
}

/** Whether every active parameter has its default. */
function isSame(params: Params, defaults: Params): boolean {
  return Object.entries(params).every(([name, value]) => {
    const other = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    return typeof value === 'number' && typeof other === 'number'
      ? Math.abs(value - other) <= 1e-9 * Math.abs(other)
      : value === other;
  });
}
