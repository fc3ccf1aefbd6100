import { InvalidArgumentError, type TrainingFidelity, type TrainingPiece } from '@foothold/core';

/** Folders in which programs keep their checkpoints, one for each piece of training. */
export interface CheckpointFolders {
  /**
   * The folder of a piece that is about to begin, as an absolute path: a copy of what the piece before left, or empty where training begins at 0. What
   * an attempt of the same piece left that was ended is removed. Rejects with InvalidArgumentError where the checkpoint that
   * it goes on from is not there.
   */
  prepared(piece: TrainingPiece): Promise<string>;
  /** The folder of a configuration that was trained so far, whether or not it is there. */
  folderOf(piece: Pick<TrainingPiece, 'configuration' | 'to'>): string;
}

/**
 * The checkpoints of a study below `directory`: `directory/STUDY/CONFIGURATION/NAME-FIDELITY`, such as `checkpoints/cnn/3/epochs-8`.
 *
 * A piece writes into a folder of its own, and what it goes on from stays as it is: a program that is killed while it writes loses its own
 * piece alone. Folders of a configuration are removed from the second checkpoint before the present one on. Needs Node. Rejects with
 * InvalidArgumentError where the directory cannot be written.
 */
export async function checkpointFolders(
  directory: string,
  { study, fidelity }: { readonly study: string; readonly fidelity: Pick<TrainingFidelity, 'name'> },
): Promise<CheckpointFolders> {
  const [fs, path] = await Promise.all([import('node:fs'), import('node:path')]);
  const root = path.resolve(directory, study);
  try {
    fs.mkdirSync(root, { recursive: true });
    fs.accessSync(root, fs.constants.W_OK);
  } catch (error) {
    throw new InvalidArgumentError(
      'the folder of checkpoints',
      directory,
      `a folder that can be written (${error instanceof Error ? error.message : error})`,
    );
  }
  const nameAt = (at: number) => `${fidelity.name.replaceAll(/[^\w.-]/g, '_')}-${at}`;
  const at = (configuration: number, fidelityAt: number) =>
    path.join(root, String(configuration), nameAt(fidelityAt));
  const remove = (folder: string) => fs.promises.rm(folder, { recursive: true, force: true });
  return {
    folderOf: ({ configuration, to }) => at(configuration, to),
    async prepared({ configuration, from, to }) {
      const folder = at(configuration, to);
      const part = `${folder}.part`;
      await Promise.all([remove(folder), remove(part)]);
      if (from === 0) {
        await fs.promises.mkdir(folder, { recursive: true });
        return folder;
      }
      const before = at(configuration, from);
      if (!fs.existsSync(before))
        throw new InvalidArgumentError(
          'the checkpoint',
          before,
          'a folder that is there: it was removed, or left on another machine; all workers of a study share the folder of checkpoints',
        );
      const mode = fs.constants.COPYFILE_FICLONE;
      await fs.promises.cp(before, part, { recursive: true, verbatimSymlinks: true, mode });
      await fs.promises.rename(part, folder);
      await removeOlder(path.dirname(folder), { keep: [path.basename(before), path.basename(folder)], from });
      return folder;
    },
  };

  /** The checkpoints below `from`: those that no piece goes on from, unless trials are deleted. */
  async function removeOlder(
    parent: string,
    { keep, from }: { readonly keep: readonly string[]; readonly from: number },
  ): Promise<void> {
    for (const name of await fs.promises.readdir(parent)) {
      const fidelityAt = Number(name.slice(name.lastIndexOf('-') + 1));
      if (!keep.includes(name) && name === nameAt(fidelityAt) && fidelityAt < from)
        await remove(path.join(parent, name));
    }
  }
}
