import type { Direction } from '@foothold/core';
import { type PastStudy, studySource, type TransferSource } from '@foothold/study';
import type { TransferMethod } from './transfer-methods.ts';

/** Where a new study starts from. */
export interface TransferOptions {
  /** Earlier studies to start from. */
  readonly transfer?: readonly (TransferSource | PastStudy)[] | undefined;
  /** How they take part; `transferMethods` has the names. Default: `auto`. */
  readonly method?: TransferMethod | undefined;
  /**
   * Mixes the method with the plain model by how well each predicts what it has not seen, against negative transfer. `auto`
   * has a gate of its own, and the portfolio leaves the model as it is: they refuse it.
   */
  readonly gated?: boolean | undefined;
  /** Features of the new task, the same ones as the sources': those of similar tasks then weigh more. */
  readonly metaFeatures?: readonly number[] | undefined;
}

/** Reads the studies among the sources, and gives each source a name of its own. */
export async function namedSources(
  earlier: readonly (TransferSource | PastStudy)[],
  direction: Direction,
): Promise<readonly (TransferSource & { readonly name: string; readonly direction: Direction })[]> {
  const used = new Set<string>();
  const sources = [];
  for (const [i, source] of earlier.entries()) {
    const given = isStudy(source) ? await sourceOf(source) : source;
    const wanted = given.name ?? `source ${i + 1}`;
    let name = wanted;
    for (let k = 2; used.has(name); k++) name = `${wanted} (${k})`;
    used.add(name);
    sources.push({ ...given, name, direction: given.direction ?? direction });
  }
  return sources;
}

/** True for a study, false for a source that holds its trials. */
export function isStudy(source: TransferSource | PastStudy): source is PastStudy {
  return typeof source.trials === 'function';
}

async function sourceOf(study: PastStudy): Promise<TransferSource> {
  const trials = await (study.pastTrials ? study.pastTrials() : study.trials());
  return studySource(trials, { name: study.name, goal: study.goal });
}
