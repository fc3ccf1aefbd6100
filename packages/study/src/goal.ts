import {
  type CompleteTrial,
  type Direction,
  type Feature,
  type Goal,
  InvalidArgumentError,
  minimizedValues,
  objectivesOf,
  type Params,
  type SearchSpace,
  type TrainingFidelity,
  type Trial,
  violationOf,
} from '@foothold/core';

export type { CompleteTrial } from '@foothold/core';

/** The goal with only the fields that it has, so that it reads the same from a log. Throws InvalidArgumentError. */
export function checkedGoal(goal: Goal): Goal {
  const { objectives, constraints, cost, repeat, fidelity } = goal;
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
    ...(fidelity === undefined ? {} : { fidelity: checkedFidelity(fidelity) }),
  };
}

/** The largest fidelity that there may be: each has candidates of its own. */
const maxFidelity = 10_000;

/** The fidelity with only the fields that it has. Throws InvalidArgumentError. */
export function checkedFidelity({ name, max, continues }: TrainingFidelity): TrainingFidelity {
  if (typeof name !== 'string' || name === '')
    throw new InvalidArgumentError('fidelity.name', name, 'the name of a parameter, such as "epochs"');
  if (!(Number.isSafeInteger(max) && max >= 2 && max <= maxFidelity))
    throw new InvalidArgumentError(
      'fidelity.max',
      max,
      `a whole number from 2 to ${maxFidelity.toLocaleString('en')}`,
    );
  if (continues !== undefined && typeof continues !== 'boolean')
    throw new InvalidArgumentError('fidelity.continues', continues, 'true or false');
  return { name, max, ...(continues === false ? { continues } : {}) };
}

/** Throws InvalidArgumentError where the space lacks the parameter of the goal's fidelity: whole numbers from 1 to the largest one. */
export function refuseWithoutFidelity(
  { columns, description }: Pick<SearchSpace, 'columns' | 'description'>,
  { fidelity }: Pick<Goal, 'fidelity'>,
): void {
  if (!fidelity) return;
  const { name, max } = fidelity;
  const column = columns.find((one) => one.name === name);
  const parameter = description?.[name];
  const isWhole = column?.kind === 'ordinal' && column.levels === max;
  if (!isWhole || (parameter && !(parameter.type === 'int' && parameter.low === 1 && parameter.high === max)))
    throw new InvalidArgumentError(
      'fidelity.name',
      name,
      `a parameter of the space that is always there, { "type": "int", "low": 1, "high": ${max} }`,
    );
}

/** Whether a trial's value counts under this goal: where trials are pieces of training, that of one up to the largest fidelity. */
export function isFullyTrained(
  { fidelity }: Pick<Goal, 'fidelity'>,
  { params }: Pick<Trial, 'params'>,
): boolean {
  return fidelity === undefined || params[fidelity.name] === fidelity.max;
}

/** What this goal needs of a sampler. */
export function featuresOf(goal: Goal): readonly Feature[] {
  return [
    ...(goal.constraints?.length ? (['outcome-constraints'] as const) : []),
    ...((goal.objectives?.length ?? 0) > 1 ? (['several-objectives'] as const) : []),
    ...(goal.cost === undefined ? [] : (['cost'] as const)),
  ];
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
  let best: { readonly trial: CompleteTrial<P>; readonly value: number } | undefined;
  for (const trial of trials) {
    if (trial.state !== 'complete' || !isFullyTrained(goal, trial)) continue;
    const values = minimizedValues(goal, trial);
    if (!values.every(Number.isFinite) || violationOf(goal, trial) > 0) continue;
    if (!best || values[0]! < best.value) best = { trial, value: values[0]! };
  }
  return best?.trial;
}
