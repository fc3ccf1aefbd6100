import type { Trial } from '@foothold/core';

/** What `why.outliers` says of a trial's suggestion: a sentence for each figure with values that the model does not use as they are. */
export function outlierNotesOf({ why }: Pick<Trial, 'why'>): readonly string[] {
  const notes = why?.['outliers'];
  return Array.isArray(notes) ? notes.filter((note): note is string => typeof note === 'string') : [];
}

/** The same of the last suggestion that had a reason. */
export function lastOutlierNotes(trials: readonly Trial[]): readonly string[] {
  return outlierNotesOf(trials.findLast(({ why }) => why !== undefined) ?? {});
}
