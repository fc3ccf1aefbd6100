import type { Direction } from '@foothold/core';
import { type PastStudy, studySource, type TransferSource } from '@foothold/study';
import { isStudy } from './transfer-options.ts';

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

async function sourceOf(study: PastStudy): Promise<TransferSource> {
  const trials = await (study.pastTrials ? study.pastTrials() : study.trials());
  return studySource(trials, { name: study.name, goal: study.goal });
}
