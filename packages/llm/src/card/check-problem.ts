import type { Goal, SearchSpace } from '@foothold/core';
import { TaskCardError } from '../errors.ts';
import { checkAgainstSpace } from './check-against-space.ts';
import type { TaskCard } from './task-card-schema.ts';

/** Throws TaskCardError where the card contradicts the space or the direction, UnsupportedError for a space whose parameters cannot be told. */
export function checkProblem(
  card: TaskCard,
  { space, goal }: { readonly space: SearchSpace; readonly goal: Goal },
): void {
  if (goal.direction !== card.direction)
    throw new TaskCardError('direction', card.direction, `${goal.direction}, the direction of the study`);
  checkAgainstSpace(card, space);
}
