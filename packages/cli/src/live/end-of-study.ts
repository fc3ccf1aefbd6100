import { plannedTrials, stopAttribute } from '@foothold/protocol';
import { type StudyState, studyWorkers } from '@foothold/study';

/**
 * Why a study that nobody works on any more has ended, a clause: what its last run left, or that all planned trials are done.
 * Undefined while a worker may run, and where nothing says that no more is to come.
 */
export function endOfStudy(state: StudyState, now: number): string | undefined {
  if (studyWorkers(state, { now }).some(({ isAlive }) => isAlive !== false)) return undefined;
  const stopped = state.attributes?.[stopAttribute];
  if (typeof stopped === 'string') return stopped;
  const total = plannedTrials(state);
  const ended = state.trials.filter(({ state: of, loaded }) => of !== 'running' && !loaded).length;
  return total !== undefined && ended >= total ? `all ${total} trials are done` : undefined;
}
