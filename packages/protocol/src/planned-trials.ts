import type { StudyState } from '@foothold/study';

/** Trials in all, as the study's last sampler was told; undefined where it was not. */
export function plannedTrials({ configured }: Pick<StudyState, 'configured'>): number | undefined {
  const { plannedTrials: total } = (configured?.sampler ?? {}) as { readonly plannedTrials?: unknown };
  return typeof total === 'number' ? total : undefined;
}
