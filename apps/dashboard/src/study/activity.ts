import { type StudyActivity, studyActivity, studyWorkers, trialCounts } from '@foothold/study';
import type { LiveStudy } from './live-study.ts';

/** What goes on in the study: of workers on other machines a page knows only their leases. */
export function activityOf({ state }: LiveStudy, now: number): StudyActivity {
  return studyActivity(trialCounts(state.trials), studyWorkers(state, { alive: () => undefined, now }));
}
