import { stopAttribute, stoppedByHand } from '@foothold/protocol';
import type { SharedStudy, StudyRecord } from '@foothold/study';

/** Milliseconds for which an answer holds. In the second half of them it is looked for again, which no trial waits for. */
const lookEvery = 2000;

/** Whether somebody has paused the study, at most so long ago. Why an earlier run ended is no longer true, and is removed. */
export function pausedStudy(shared: SharedStudy): () => Promise<boolean> {
  const view = shared.worker();
  let last: { readonly at: number; readonly isPaused: boolean } | undefined;
  let isLooking = false;
  const look = async () => {
    const at = Date.now();
    const reason = (await view.notes()).attributes[stopAttribute] ?? null;
    if (reason !== null && reason !== stoppedByHand) await noteUnlessPaused(shared.record, null);
    last = { at, isPaused: reason === stoppedByHand };
    return last.isPaused;
  };
  const lookBeside = async () => {
    isLooking = true;
    await look().catch(() => undefined); // the trial that has to know looks again
    isLooking = false;
  };
  return async () => {
    const age = last && !last.isPaused ? Date.now() - last.at : Infinity;
    if (age >= lookEvery) return look();
    if (age >= lookEvery / 2 && !isLooking) void lookBeside();
    return false;
  };
}

/** Keeps why no trial is asked for any more, or that there are, unless somebody pauses the study meanwhile. */
export function noteUnlessPaused(record: StudyRecord, reason: string | null): Promise<void> {
  return record.note(({ attributes }) =>
    attributes?.[stopAttribute] === stoppedByHand ? {} : { attributes: { [stopAttribute]: reason } },
  );
}
