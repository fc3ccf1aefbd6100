import type { Trial } from '@foothold/core';
import { outlierNotesOf } from '@foothold/study';

/** The sentences of a trial about figures that no earlier trial had one about. */
export function outlierNotes(): (trial: Trial) => readonly string[] {
  const known = new Set<string>();
  return (trial) =>
    outlierNotesOf(trial).filter((line) => {
      const figure = line.split(':')[0]!;
      if (known.has(figure)) return false;
      known.add(figure);
      return true;
    });
}
