import type { StudyState } from '@foothold/study';

/** The name of the figure that a study optimizes, as `--metric` gave it; undefined where it gave none. */
export function metricOf({ facts }: Pick<StudyState, 'facts'>): string | undefined {
  const metric = facts?.['metric'];
  return typeof metric === 'string' && metric !== '' ? metric : undefined;
}
