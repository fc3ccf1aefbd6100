import {
  type Direction,
  type Feature,
  type Goal,
  InvalidArgumentError,
  type Objective,
  type Params,
  type Trial,
} from '@foothold/core';

/** A trial that has a value. */
export type CompleteTrial<P extends Params = Params> = Extract<Trial<P>, { readonly state: 'complete' }>;

/** The goal with only the fields that it has, so that it reads the same from a log. Throws InvalidArgumentError. */
export function checkedGoal(goal: Goal): Goal {
  const { objectives, constraints, cost, repeat } = goal;
  const direction = (value: unknown, argument: string): Direction => {
    if (value !== 'minimize' && value !== 'maximize')
      throw new InvalidArgumentError(argument, value, '"minimize" | "maximize"');
    return value;
  };
  objectives?.forEach((objective, i) => {
    direction(objective.direction, `objectives[${i}].direction`);
  });
  if (objectives?.length === 0)
    throw new InvalidArgumentError('objectives', objectives, 'at least one, or none given');
  for (const constraint of constraints ?? []) {
    const bound = 'atMost' in constraint ? constraint.atMost : constraint.atLeast;
    if (!Number.isFinite(bound))
      throw new InvalidArgumentError(`the bound on ${constraint.metric}`, bound, 'a finite number');
  }
  const first = objectives?.[0];
  if (first && goal.direction !== undefined && first.direction !== goal.direction)
    throw new InvalidArgumentError(
      'direction',
      goal.direction,
      `that of the first objective, ${first.direction}`,
    );
  return {
    direction: direction(goal.direction ?? first?.direction, 'direction'),
    ...(objectives ? { objectives } : {}),
    ...(constraints && constraints.length > 0 ? { constraints } : {}),
    ...(cost === undefined ? {} : { cost }),
    ...(repeat ? { repeat } : {}),
  };
}

/** What this goal needs of a sampler. */
export function featuresOf(goal: Goal): readonly Feature[] {
  return [
    ...(goal.constraints?.length ? (['outcome-constraints'] as const) : []),
    ...((goal.objectives?.length ?? 0) > 1 ? (['several-objectives'] as const) : []),
    ...(goal.cost === undefined ? [] : (['cost'] as const)),
  ];
}

/** The figures to optimize; one, the value, where the goal names none. */
function objectivesOf(goal: Goal): readonly Objective[] {
  return goal.objectives ?? [{ metric: 'value', direction: goal.direction }];
}

/** Names of the metrics, beside the value, that a complete trial must have. */
export function metricsOf(goal: Goal): readonly string[] {
  const names = [
    ...objectivesOf(goal).map(({ metric }) => metric),
    ...(goal.constraints ?? []).map(({ metric }) => metric),
    ...(goal.cost === undefined ? [] : [goal.cost]),
  ];
  return [...new Set(names)].filter((name) => name !== 'value');
}

/** The best trial that keeps the goal's constraints, the first of equals; undefined when there is none. With several objectives the first one counts. */
export function bestTrial<P extends Params>(
  trials: readonly Trial<P>[],
  goal: Goal,
): CompleteTrial<P> | undefined {
  const [objective] = objectivesOf(goal);
  let best: CompleteTrial<P> | undefined;
  for (const trial of feasible(trials, goal))
    if (!best || gain(trial, objective!) > gain(best, objective!)) best = trial;
  return best;
}

/**
 * The feasible trials that no other beats in one objective without being worse in another, in order of their numbers;
 * of equal ones the first. With one objective it is the best trial alone.
 */
export function paretoFront<P extends Params>(
  trials: readonly Trial<P>[],
  goal: Goal,
): readonly CompleteTrial<P>[] {
  const objectives = objectivesOf(goal);
  const points = feasible(trials, goal).map((trial) => ({
    trial,
    gains: objectives.map((objective) => gain(trial, objective)),
  }));
  const beaten = (i: number) =>
    points.some(({ gains }, j) => {
      const own = points[i]!.gains;
      if (!gains.every((g, k) => g >= own[k]!)) return false;
      return j < i || gains.some((g, k) => g > own[k]!);
    });
  return points.filter((_, i) => !beaten(i)).map(({ trial }) => trial);
}

function feasible<P extends Params>(trials: readonly Trial<P>[], goal: Goal): CompleteTrial<P>[] {
  const needed = [...objectivesOf(goal), ...(goal.constraints ?? [])].map(({ metric }) => metric);
  return trials.filter(
    (trial): trial is CompleteTrial<P> =>
      trial.state === 'complete' &&
      needed.every((metric) => Number.isFinite(figure(trial, metric))) &&
      (goal.constraints ?? []).every((c) =>
        'atMost' in c ? figure(trial, c.metric) <= c.atMost : figure(trial, c.metric) >= c.atLeast,
      ),
  );
}

function gain(trial: CompleteTrial, { metric, direction }: Objective): number {
  return direction === 'maximize' ? figure(trial, metric) : -figure(trial, metric);
}

function figure({ value, metrics = {} }: CompleteTrial, metric: string): number {
  if (metric === 'value') return value;
  return Object.hasOwn(metrics, metric) ? metrics[metric]! : Number.NaN;
}
