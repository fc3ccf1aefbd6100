import type { LiveStudy } from '../study/live-study.ts';

/** What every view of a study takes. */
export interface ViewProps {
  readonly study: LiveStudy;
}
