import type { Direction, Params, SearchSpace } from '@foothold/core';
import * as v from 'valibot';
import { TaskCardError } from '../errors.ts';
import { checkAgainstSpace } from './check-against-space.ts';
import { type TaskCard, taskCardSchema } from './task-card-schema.ts';

export interface TaskCardProblem<P extends Params = Params> {
  readonly space?: SearchSpace<P> | undefined;
  readonly direction?: Direction | undefined;
}

/**
 * The card of this JSON. Throws TaskCardError, with the member, for what is not in the form of `taskCardJsonSchema`, for numbers of
 * features that do not add up, and, where the space and the direction of the study are given, for what contradicts them: a hyperparameter that the
 * space lacks, one that the card lacks, another range, scale or list of choices, another direction.
 */
export function taskCard<P extends Params>(json: unknown, problem: TaskCardProblem<P> = {}): TaskCard {
  const result = v.safeParse(taskCardSchema, json);
  if (!result.success) {
    const issue = result.issues[0];
    const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
    const allowed =
      issue.expected === 'never' ? 'nothing: there is no such member' : (issue.expected ?? issue.message);
    throw new TaskCardError(path || 'card', issue.input, allowed);
  }
  const card = result.output;
  const { total, categorical = 0, numeric = 0 } = card.features ?? { total: Infinity };
  if (categorical + numeric > total)
    throw new TaskCardError(
      'features.total',
      total,
      `at least ${categorical + numeric}, the categorical and numeric ones`,
    );
  if (problem.direction !== undefined && problem.direction !== card.direction)
    throw new TaskCardError('direction', card.direction, `${problem.direction}, the direction of the study`);
  if (problem.space) checkAgainstSpace(card, problem.space);
  return card;
}
