import type { Report, TrainingFidelity, Trial } from '@foothold/core';
import { piecesOf } from './training-pieces.ts';

/**
 * One trial a configuration, for charts: its last one, with the reports of all pieces in the order of their steps. Where a piece has no
 * report at its end, its value is one. Where training does not continue, the later of two reports of one step counts.
 */
export function trainingCurves(
  trials: readonly Trial[],
  { name }: Pick<TrainingFidelity, 'name'>,
): readonly Trial[] {
  return piecesOf(trials, { name }).map(({ pieces }) => {
    const bySteps = new Map<number, Report>();
    for (const piece of pieces) {
      if (piece.state === 'complete') {
        const step = Number(piece.params[name]);
        bySteps.set(step, { step, value: piece.value });
      }
      for (const report of piece.reports) bySteps.set(report.step, report);
    }
    const reports = [...bySteps.values()].sort((a, b) => a.step - b.step);
    return { ...pieces.at(-1)!, reports };
  });
}
