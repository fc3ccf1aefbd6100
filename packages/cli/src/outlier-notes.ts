import type { Trial } from '@foothold/core';

/** What `why.outliers` says of a trial's suggestion: a sentence for each figure with values that the model does not use as they are. */
export function outliersOf({ why }: Trial): readonly string[] {
  const lines = why?.['outliers'];
  return Array.isArray(lines) ? lines.filter((line): line is string => typeof line === 'string') : [];
}

/** The sentences of a trial about figures that no earlier trial had one about. */
export function outlierNotes(): (trial: Trial) => readonly string[] {
  const known = new Set<string>();
  return (trial) =>
    outliersOf(trial).filter((line) => {
      const figure = line.split(':')[0]!;
      if (known.has(figure)) return false;
      known.add(figure);
      return true;
    });
}
