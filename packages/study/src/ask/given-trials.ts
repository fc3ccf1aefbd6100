/** Trials that were asked for before and that an ask gives out again, and a trial as an ask gives it. */
import type { Lease, Params, StudyEvent, Trial } from '@foothold/core';
import type { Leases } from '../leases/leases.ts';
import type { Plan } from '../log/log-calls.ts';
import type { LiveState } from '../state/study-state.ts';
import { runningPiece } from '../training/training-pieces.ts';

/** The trial of an ask of this key, which is answered once more. */
export function answeredBefore<P extends Params>(
  state: LiveState<P>,
  leases: Leases<P>,
  key: string,
): Plan<Trial<P>> | undefined {
  for (const number of state.leaseIndex().of(leases.owner)) {
    const lease = state.leases.get(number)!;
    if (lease.key === key)
      return {
        events: leases.isDue(lease) ? [askedAgain(state, number, { ...leases.fresh(), key })] : [],
        answer: () => {
          leases.took(number);
          return givenTrial(state, number);
        },
      };
  }
  return undefined;
}

/** The trial of an ask: with its piece, where it is one of training. */
export function givenTrial<P extends Params>(state: LiveState<P>, number: number): Trial<P> {
  const trial = state.trial(number)!;
  const piece = runningPiece(state, trial);
  return piece ? { ...trial, piece } : trial;
}

/** The end of what an abandoned trial had: its lease, or what its worker reported after it was taken from it. */
export function expiredEvents<P extends Params>(
  { leases }: LiveState<P>,
  { number, reports }: Trial<P>,
): readonly StudyEvent[] {
  if (leases.has(number)) return [{ type: 'expired', number, lost: true }];
  return reports.length > 0 ? [{ type: 'expired', number }] : [];
}

/** The event that gives a trial out once more, with the parameters that it has. */
export function askedAgain<P extends Params>(state: LiveState<P>, number: number, lease: Lease): StudyEvent {
  return { type: 'asked', number, params: state.trial(number)!.params, lease };
}
