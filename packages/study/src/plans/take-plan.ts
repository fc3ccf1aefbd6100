import { InvalidArgumentError, type Params, type StudyEvent } from '@foothold/core';
import type { Leases } from '../leases/leases.ts';
import type { Plan } from '../log/log-calls.ts';
import type { LiveState } from '../state/study-state.ts';

/**
 * New leases of those of these trials that run and that no other worker has; answers their numbers. Throws InvalidArgumentError for a number
 * that no trial has.
 */
export function takePlan<P extends Params>(
  state: LiveState<P>,
  holds: readonly number[],
  leases: Leases<P>,
): Plan<readonly number[]> {
  const unknown = holds.find((number) => !state.trial(number) && !state.deleted.has(number));
  if (unknown !== undefined)
    throw new InvalidArgumentError('holds', unknown, 'numbers of trials that the study has given out');
  const taken = [...new Set(holds)].filter(
    (number) => state.trial(number)?.state === 'running' && leases.mayTake(state, number),
  );
  const events = taken.map(
    (number): StudyEvent => ({
      ...{ type: 'asked', number, params: state.trial(number)!.params },
      lease: leases.fresh(),
    }),
  );
  const answer = () => {
    for (const number of taken) leases.took(number);
    return taken;
  };
  return { events, answer };
}
