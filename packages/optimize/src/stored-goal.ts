import type { Goal, Storage } from '@foothold/core';
import { studyRecord } from '@foothold/study';

/** What an edit may have given a stored study of the goal, beside the direction; nothing without a stored study. */
export async function storedGoal(
  storage: Storage | undefined,
  name: string,
): Promise<Pick<Goal, 'constraints' | 'cost' | 'repeat'>> {
  if (!storage) return {};
  const { goal } = await studyRecord(storage, name).state();
  const { constraints, cost, repeat } = goal ?? {};
  return {
    ...(constraints && { constraints }),
    ...(cost !== undefined && { cost }),
    ...(repeat !== undefined && { repeat }),
  };
}
