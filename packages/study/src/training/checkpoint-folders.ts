import { InvalidArgumentError, type TrainingFidelity, type TrainingPiece } from '@foothold/core';

/** The folder of one attempt at a piece of training. */
export interface PieceFolder {
  /** Absolute. A copy of what the piece before left, or empty where training begins at 0. */
  readonly path: string;
  /** To be called when the piece is complete, before it is told: from here on its folder is what later pieces go on from. */
  keep(): Promise<void>;
}

/** Folders in which programs keep their checkpoints. */
export interface CheckpointFolders {
  /** The folder of a piece that is about to begin. Rejects with InvalidArgumentError where the checkpoint that it goes on from is not there. */
  prepared(piece: TrainingPiece): Promise<PieceFolder>;
  /** The folder of a configuration that was trained so far, whether or not it is there. */
  folderOf(piece: Pick<TrainingPiece, 'configuration' | 'to'>): string;
}

/**
 * The checkpoints of a study below `directory`: `directory/STUDY/CONFIGURATION/NAME-FIDELITY`, such as `checkpoints/cnn/3/epochs-8`.
 *
 * Each attempt at a piece writes into a folder of its own, `epochs-8.1`, which gets its name when the piece is complete. So a program that
 * is killed while it writes loses its own attempt alone, and one that outlives its run disturbs no later attempt. Of a configuration the last two
 * checkpoints are kept. Needs Node. Rejects with InvalidArgumentError where the directory cannot be written.
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
  const parentOf = (configuration: number) => path.join(root, String(configuration));
  const remove = (folder: string) => fs.promises.rm(folder, { recursive: true, force: true });
  /** Attempts at the piece that ends there, those that were not completed. */
  const attemptsIn = async (parent: string, to: number) =>
    (await fs.promises.readdir(parent)).filter((name) => name.startsWith(`${nameAt(to)}.`));
  const keep = async (attempt: string, { configuration, from, to }: TrainingPiece) => {
    const parent = parentOf(configuration);
    const folder = path.join(parent, nameAt(to));
    await remove(folder);
    await fs.promises.rename(attempt, folder);
    const older = (await fs.promises.readdir(parent)).filter((name) => {
      const fidelityAt = Number(name.slice(name.lastIndexOf('-') + 1));
      return name === nameAt(fidelityAt) && fidelityAt < from;
    });
    for (const name of [...(await attemptsIn(parent, to)), ...older]) await remove(path.join(parent, name));
  };
  return {
    folderOf: ({ configuration, to }) => path.join(parentOf(configuration), nameAt(to)),
    async prepared(piece) {
      const { configuration, from, to } = piece;
      const parent = parentOf(configuration);
      await fs.promises.mkdir(parent, { recursive: true });
      const tried = (await attemptsIn(parent, to)).map((name) =>
        Number(name.slice(name.lastIndexOf('.') + 1)),
      );
      const folder = path.join(parent, `${nameAt(to)}.${1 + Math.max(0, ...tried.filter(Number.isFinite))}`);
      if (from === 0) await fs.promises.mkdir(folder);
      else {
        const before = path.join(parent, nameAt(from));
        if (!fs.existsSync(before))
          throw new InvalidArgumentError(
            'the checkpoint',
            before,
            'a folder that is there: it was removed, or left on another machine; all workers of a study share the folder of checkpoints',
          );
        const mode = fs.constants.COPYFILE_FICLONE;
        await fs.promises.cp(before, folder, { recursive: true, verbatimSymlinks: true, mode });
      }
      return { path: folder, keep: () => keep(folder, piece) };
    },
  };
}
