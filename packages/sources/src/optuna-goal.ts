import type { Direction, Goal, OutcomeConstraint } from '@foothold/core';
import { constraintsKey, metricNamesKey, type StudyMark } from './optuna-marks.ts';
import type { OptunaStudy, OptunaTrial } from './optuna-study.ts';

/**
 * What a study of Optuna is after. With several objectives the first is the value, the others are metrics `values_1`, …,
 * unless the study names its metrics; constraints (at most 0) are metrics `constraint_0`, … or by their names.
 */
export function optunaGoal(study: OptunaStudy, mark: StudyMark | undefined): Goal {
  const { directions } = study;
  if (mark && directionsOf(mark.goal).join() === directions.join()) return mark.goal;
  const [direction] = directions as [Direction];
  const constraints = constraintNames(study);
  const limits = constraints.map((metric): OutcomeConstraint => ({ metric, atMost: 0 }));
  const named = study.systemAttributes.get(metricNamesKey);
  const names =
    Array.isArray(named) && named.length === directions.length && new Set(named).size === named.length
      ? named.map(String)
      : directions.map((_, k) => (k === 0 ? 'value' : `values_${k}`));
  return {
    direction,
    ...(directions.length > 1 && {
      objectives: directions.map((of, k) => ({ metric: names[k]!, direction: of })),
    }),
    ...(limits.length > 0 && { constraints: limits }),
  };
}

/** Directions of the objectives. */
export function directionsOf({ direction, objectives }: Goal): readonly Direction[] {
  return objectives?.map((objective) => objective.direction) ?? [direction];
}

/** Constraints of a trial by name; at most 0 where they are kept. */
export function constraintsOf({ systemAttributes }: OptunaTrial): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const list = systemAttributes.get(constraintsKey);
  if (Array.isArray(list))
    for (const [k, value] of list.entries())
      if (Number.isFinite(value)) found.set(`${constraintsKey.slice(0, -1)}_${k}`, Number(value));
  for (const [key, value] of systemAttributes)
    if (key.startsWith(`${constraintsKey}:`) && Number.isFinite(value))
      found.set(key.slice(constraintsKey.length + 1), Number(value));
  return found;
}

/** The constraints that every complete trial has; the others would make trials without them infeasible. */
function constraintNames({ trials, notes }: OptunaStudy): readonly string[] {
  const complete = [...trials.values()].filter(({ state }) => state === 'complete').map(constraintsOf);
  const all = new Set(complete.flatMap((constraints) => [...constraints.keys()]));
  const kept = [...all].filter((name) => complete.every((constraints) => constraints.has(name)));
  for (const constraints of complete)
    for (const name of constraints.keys())
      if (!kept.includes(name))
        notes.add(`constraint ${name}: no limit of the goal, not every complete trial has it`);
  return kept;
}
