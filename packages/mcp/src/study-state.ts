import type { Storage } from '@foothold/core';
import { type StudyState, studyRecord } from '@foothold/study';
import { AnswerError } from './study-calls.ts';

/** The study as its log says. Throws AnswerError where there is none, StorageError as the storage does. */
export async function studyState(storage: Storage, name: string): Promise<StudyState> {
  const state = await studyRecord(storage, name).state();
  if (!state.created)
    throw new AnswerError({
      code: 'NotFoundError',
      message: `there is no study ${JSON.stringify(name)}`,
      retry: false,
      argument: 'study',
      allowed: 'the name of a study that is there',
    });
  return state;
}
