import { existsSync } from 'node:fs';
import { InvalidArgumentError } from '@foothold/core';
import { checkpointFolders, folderMark, piecesOf, type StudyRecord } from '@foothold/study';
import type { Training } from '../training/training-of-flags.ts';
import type { PiecesOfTraining } from './command-objective.ts';

/** How a worker runs pieces of training. */
export interface WorkerTraining {
  readonly pieces: PiecesOfTraining;
  /**
   * To be called once the study is there: makes its folder of checkpoints the one that all workers have. Returns what is awaited before each piece:
   * it rejects where the folder is not that one, such as one whose disk is gone. Both reject with InvalidArgumentError.
   */
  share(): Promise<() => Promise<void>>;
}

/** The attribute of a study that has the mark of its folder of checkpoints. */
const markAttribute = 'checkpointFolder';

/**
 * The pieces of a study, with the folders for their checkpoints where the line has such.
 *
 * Throws InvalidArgumentError where the folder cannot be written, is another study's, or is not the one that other workers of the study have.
 */
export async function workerTraining(
  { fidelity, checkpointDir }: Training,
  { name: study, record }: { readonly name: string; readonly record: StudyRecord },
): Promise<WorkerTraining> {
  const { name } = fidelity;
  if (checkpointDir === undefined) return { pieces: { name }, share: async () => async () => undefined };
  const mark = await folderMark(checkpointDir, study);
  const agreed = async () => {
    const of = (await record.state()).attributes?.[markAttribute];
    return typeof of === 'string' ? of : undefined;
  };
  const check = async (expected: string, found?: string) => {
    if ((found ?? (await mark.read())) !== expected) throw notShared(mark.folder, study);
  };
  // Before anything is made in it.
  const before = await agreed();
  if (before !== undefined) await check(before);
  const isBegun = async () => (await record.state()).count > 0;
  const folders = await checkpointFolders(checkpointDir, { study, fidelity, isBegun });
  return {
    pieces: { name, folders },
    async share() {
      const { trials, deleted } = await record.state();
      const trained = piecesOf(trials, fidelity, deleted.values()).filter(({ reached }) => reached > 0);
      const isHere = ({ number, reached }: (typeof trained)[number]) =>
        existsSync(folders.folderOf({ configuration: number, to: reached }));
      if (trained.length > 0 && !trained.some(isHere)) throw notShared(mark.folder, study);
      const made = await mark.made(crypto.randomUUID());
      await record.note(({ attributes }) =>
        typeof attributes?.[markAttribute] === 'string' ? {} : { attributes: { [markAttribute]: made } },
      );
      const shared = (await agreed())!;
      await check(shared, made);
      return () => check(shared);
    },
  };
}

function notShared(folder: string, study: string): InvalidArgumentError {
  return new InvalidArgumentError(
    'the folder of checkpoints',
    folder,
    `the one that the other workers of ${study} have: all of them share --checkpoint-dir, such as a network disk, which may be mounted elsewhere here`,
  );
}
