import type { Goal, PriorTask, SearchSpace } from '@foothold/core';
import { mappedSources } from './mapped-sources.ts';
import { sourcesOfObjectives } from './sources-of-objectives.ts';
import type { TransferSetting } from './transfer-methods/transfer-setting.ts';
import type { TransferOptions } from './transfer-options.ts';

/** The earlier studies with a usable trial, and by name what of each could not be used. Without `objectives` they are of the value. */
export async function usableSources(
  space: SearchSpace,
  { direction, objectives = [] }: Pick<Goal, 'direction' | 'objectives'>,
  transfer: NonNullable<TransferOptions['transfer']>,
): Promise<{
  readonly sources: readonly PriorTask[];
  readonly several?: Omit<NonNullable<TransferSetting['several']>, 'multiObjective'>;
  readonly unused: Readonly<Record<string, readonly string[]>>;
}> {
  const unusedOf = (all: readonly { readonly name: string; readonly unused: readonly string[] }[]) =>
    Object.fromEntries(
      all.filter(({ unused }) => unused.length > 0).map(({ name, unused }) => [name, unused]),
    );
  if (objectives.length === 0) {
    const mapped = await mappedSources(space, direction, transfer);
    const sources = mapped.map(({ source }) => source).filter(isUsable);
    return { sources, unused: unusedOf(mapped.map(({ source, unused }) => ({ name: source.name, unused }))) };
  }
  const all = await sourcesOfObjectives(space, objectives, transfer);
  const sources = all.filter(({ compromise }) => isUsable(compromise));
  return {
    sources: sources.map(({ compromise }) => compromise),
    several: { metrics: objectives.map(({ metric }) => metric), sources },
    unused: unusedOf(all),
  };
}

const isUsable = ({ data, weight }: PriorTask): boolean => data.y.length > 0 && weight !== 0;
