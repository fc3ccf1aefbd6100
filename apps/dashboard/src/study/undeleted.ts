import type { DeletedTrial, Trial } from '@foothold/core';

/** The trial as it would be restored. */
export function undeleted({ outcome, state: _, ...about }: DeletedTrial): Trial {
  return outcome ? { ...about, ...outcome } : { ...about, state: 'running' };
}
