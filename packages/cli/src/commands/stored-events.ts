import type { StudyEvent } from '@foothold/core';
import { type StudyState, studyRecord } from '@foothold/study';
import { studiesIn } from '../studies-in.ts';
import { UsageError } from '../usage-error.ts';

/** The log of a study that exists. Throws UsageError, which names the studies that there are, for one that does not. */
export async function storedEvents(name: string, storage: string): Promise<readonly StudyEvent[]> {
  const studies = studiesIn(storage);
  const events = await studies.read(name, 0);
  if (events.length === 0) throw absent(name, storage, (await studies.studies?.()) ?? []);
  return events;
}

/** The state of a study that exists, read from its snapshot on. Throws as `storedEvents`. */
export async function storedState(name: string, storage: string): Promise<StudyState> {
  const studies = studiesIn(storage);
  const state = await studyRecord(studies, name).state();
  if (state.length === 0) throw absent(name, storage, (await studies.studies?.()) ?? []);
  return state;
}

/** Throws UsageError, which names the studies that there are, for one that does not exist. Its log is not read. */
export async function refuseAbsent(name: string, storage: string): Promise<void> {
  const there = await studiesIn(storage).studies?.();
  if (there && !there.includes(name)) throw absent(name, storage, there);
}

function absent(name: string, storage: string, there: readonly string[]): UsageError {
  return new UsageError(
    `there is no study ${JSON.stringify(name)} in ${storage}${there.length > 0 ? `; there are ${there.join(', ')}` : ', which holds none'}`,
  );
}
