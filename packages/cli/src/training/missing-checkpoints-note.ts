import { existsSync } from 'node:fs';
import type { DeletedTrial, TrainingFidelity, Trial } from '@foothold/core';
import { type CheckpointFolders, piecesOf } from '@foothold/study';

/**
 * What to say before a run where configurations that may go on have no checkpoint: each of them fails when it does, as with another
 * `--checkpoint-dir` than before. Undefined where all are there.
 */
export function missingCheckpointsNote(
  { trials, deleted }: { readonly trials: readonly Trial[]; readonly deleted: readonly DeletedTrial[] },
  { name, max }: Pick<TrainingFidelity, 'name' | 'max'>,
  folders: CheckpointFolders,
): string | undefined {
  const paused = piecesOf(trials, { name }, deleted).filter(({ reached }) => reached > 0 && reached < max);
  const [first, ...others] = paused
    .map(({ number, reached }) => folders.folderOf({ configuration: number, to: reached }))
    .filter((folder) => !existsSync(folder));
  if (first === undefined) return undefined;
  return `no checkpoint for ${1 + others.length} of ${paused.length} configurations that may go on, such as ${first}: these fail when they do; --checkpoint-dir has to be that of the runs before`;
}
