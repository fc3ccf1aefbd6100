import type { CheckpointStudy } from '@foothold/checkpoints';
import { OptimizationError, type StudyEvent } from '@foothold/core';
import { replay } from '@foothold/study';
import { short } from '../trial-text.ts';

/** The best row of a study of a score matrix, in a sentence; undefined for other studies, and before a cell is known. */
export async function matrixSummary(events: readonly StudyEvent[]): Promise<string | undefined> {
  if (!events.some((event) => event.type === 'described' && event.facts['matrix'] !== undefined))
    return undefined;
  const { cellStudyOf, scoreMatrixOf } = await import('@foothold/checkpoints');
  try {
    const { facts, trials } = replay(events);
    const scores = scoreMatrixOf(facts);
    if (!scores || !trials.some(({ state }) => state === 'complete')) return undefined;
    const study = cellStudyOf(scores, trials);
    const { data } = study.known();
    const known = data.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
    return `After ${known} of ${data.length} cells: ${bestRowText(study)}.`;
  } catch (error) {
    if (error instanceof OptimizationError) return undefined; // the page itself says what cannot be read
    throw error;
  }
}

/** The best row, how sure that is, and whether to go on. */
export function bestRowText(study: Pick<CheckpointStudy, 'best' | 'decision'>): string {
  const { name, mean, standardDeviation, probability } = study.best();
  const { stop, reason } = study.decision();
  return (
    `best row ${name}: ${short(mean)} ± ${short(standardDeviation)}, best with probability ${probability.toFixed(2)}; ` +
    `${stop ? 'stop here' : 'go on'} (${reason})`
  );
}
