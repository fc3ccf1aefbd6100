import type { DeletedTrial, Params, PruningIndex, Report, StudyEvent, Trial } from '@foothold/core';
import type { EventOf } from '../log/event-of.ts';
import type { CountedTrials } from './counted-trials.ts';

/** Hears of the changes of trials in the order of the log. */
export interface TrialWatcher extends Pick<PruningIndex, 'reported' | 'ended' | 'restarted'> {
  /** A trial counts no more. */
  deleted?(trial: DeletedTrial): void;
  /** A trial counts again: it has ended, or runs without reports. */
  restored?(trial: Trial): void;
}

/** Tells the watcher what the event, which the trials have, changed of one of them. */
export function tellWatcher<P extends Params>(
  watcher: TrialWatcher,
  trials: CountedTrials<P>,
  event: StudyEvent,
): void {
  switch (event.type) {
    case 'reported':
      watcher.reported(trials.at(event.number)!, reportOf(event));
      break;
    case 'told':
    case 'loaded': {
      const trial = trials.at(event.number);
      if (trial) watcher.ended(trial);
      break;
    }
    case 'expired':
    case 'reopened':
      watcher.restarted(trials.at(event.number)!);
      break;
    case 'deleted':
      watcher.deleted?.(trials.deleted.get(event.number)!);
      break;
    case 'restored':
      watcher.restored?.(trials.at(event.number)!);
      break;
  }
}

/** The report that an event has. */
export function reportOf({ step, value, metrics }: EventOf<'reported'>): Report {
  return { step, value, ...(metrics && { metrics }) };
}
