import {
  type Awaitable,
  InvalidArgumentError,
  largestOf,
  type Params,
  type TrainingFidelity,
  type TrainingPiece,
} from '@foothold/core';
import { canonical } from '../log/canonical.ts';
import { markFile } from './folder-mark.ts';

/** The folder of one attempt at a piece of training. */
export interface PieceFolder {
  /** Absolute. A copy of what the piece before left, or empty where training begins at 0. */
  readonly path: string;
  /**
   * To be called when the piece is complete, before it is told: from here on its folder is what later pieces go on from. Rejects with
   * InvalidArgumentError, and leaves all as it is, where the folder is gone: another attempt at the piece was kept first, or somebody
   * removed it.
   */
  keep(): Promise<void>;
}

/** Folders in which programs keep their checkpoints. */
export interface CheckpointFolders {
  /**
   * The folder of a piece that is about to begin, of the configuration with these parameters (without the fidelity). Rejects with
   * InvalidArgumentError where the checkpoint that it goes on from is not there, and where its folder belongs to another configuration.
   */
  prepared(piece: TrainingPiece, params: Params): Promise<PieceFolder>;
  /** The folder of a configuration that was trained so far, whether or not it is there. */
  folderOf(piece: Pick<TrainingPiece, 'configuration' | 'to'>): string;
}

/**
 * The checkpoints of a study below `directory`: `directory/STUDY/CONFIGURATION/NAME-FIDELITY`, such as `checkpoints/cnn/3/epochs-8`.
 *
 * Each attempt at a piece writes into a folder of its own, `epochs-8.1`, which gets its name when the piece is complete. So a program that
 * is killed while it writes loses its own attempt alone, and one that outlives its run disturbs no later attempt. Of a configuration the last two
 * checkpoints are kept. The folder of an attempt that failed stays until its piece is complete. `configuration.json` has the parameters: a
 * study never goes on from what another one of the same name has left.
 *
 * `isBegun` answers whether the study has trials already. Needs Node. Rejects with InvalidArgumentError where the directory cannot be written,
 * and where it has checkpoints but the study has not begun: they are another study's.
 */
export async function checkpointFolders(
  directory: string,
  {
    study,
    fidelity,
    isBegun = () => true,
  }: {
    readonly study: string;
    readonly fidelity: Pick<TrainingFidelity, 'name'>;
    readonly isBegun?: () => Awaitable<boolean>;
  },
): Promise<CheckpointFolders> {
  const [fs, path] = await Promise.all([import('node:fs'), import('node:path')]);
  const root = path.resolve(directory, study);
  await checkRoot(fs, { root, directory, isBegun });
  const nameAt = (at: number) => `${fidelity.name.replaceAll(/[^\w.-]/g, '_')}-${at}`;
  const parentOf = (configuration: number) => path.join(root, String(configuration));
  const attemptNumber = (name: string, to: number) => Number.parseInt(name.slice(nameAt(to).length + 1), 10);
  /** Attempts at the piece that ends there, those that were not completed. */
  const attemptsIn = async (parent: string, to: number) =>
    (await fs.promises.readdir(parent)).filter(
      (name) => name.startsWith(`${nameAt(to)}.`) && Number.isFinite(attemptNumber(name, to)),
    );
  const keep = async (attempt: string, { configuration, from, to }: TrainingPiece) => {
    const parent = parentOf(configuration);
    const folder = path.join(parent, nameAt(to));
    await putInPlace(fs, attempt, folder);
    const older = (await fs.promises.readdir(parent)).filter((name) => {
      const fidelityAt = Number(name.slice(name.lastIndexOf('-') + 1));
      return name === nameAt(fidelityAt) && fidelityAt < from;
    });
    // A later attempt may belong to a worker that has taken the piece over.
    const own = attemptNumber(path.basename(attempt), to);
    const past = (await attemptsIn(parent, to)).filter((name) => attemptNumber(name, to) <= own);
    for (const name of [...past, ...older]) await removed(fs, path.join(parent, name));
  };
  return {
    folderOf: ({ configuration, to }) => path.join(parentOf(configuration), nameAt(to)),
    async prepared(piece, params) {
      const { configuration, from, to } = piece;
      const parent = parentOf(configuration);
      await claimFolder(fs, parent, { file: path.join(parent, 'configuration.json'), params });
      const tried = (await attemptsIn(parent, to)).map((name) => attemptNumber(name, to));
      const folder = path.join(parent, `${nameAt(to)}.${1 + Math.max(0, largestOf(tried))}`);
      if (from === 0) await fs.promises.mkdir(folder);
      else {
        const before = path.join(parent, nameAt(from));
        if (!fs.existsSync(before))
          throw new InvalidArgumentError(
            'the checkpoint',
            before,
            'a folder that is there: it was removed, or left on another machine; all workers of a study share the folder of checkpoints',
          );
        await copied(fs, before, folder);
      }
      return { path: folder, keep: () => keep(folder, piece) };
    },
  };
}

type NodeFiles = typeof import('node:fs');

/** A copy of a checkpoint, without the sockets and pipes that a program has left: they hold nothing, and cannot be copied. */
function copied(fs: NodeFiles, from: string, to: string): Promise<void> {
  return fs.promises.cp(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    mode: fs.constants.COPYFILE_FICLONE,
    filter: async (source) => {
      const kind = await fs.promises.lstat(source);
      return kind.isFile() || kind.isDirectory() || kind.isSymbolicLink();
    },
  });
}

/** Makes the folder of a study. Throws InvalidArgumentError where it cannot be written, or is another study's. */
async function checkRoot(
  fs: NodeFiles,
  {
    root,
    directory,
    isBegun,
  }: { readonly root: string; readonly directory: string; readonly isBegun: () => Awaitable<boolean> },
): Promise<void> {
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
  // A worker prepares a folder after its ask: who finds one finds the trial in the log, if it is this study's.
  if (fs.readdirSync(root).some((name) => name !== markFile) && !(await isBegun()))
    throw new InvalidArgumentError(
      'the folder of checkpoints',
      root,
      'an empty one for a new study: it has those of an earlier study; give this one another name, or remove the folder',
    );
}

/** Of what nobody needs any more: on a shared disk it may take a while, and it must not cost a trial. */
function removed(fs: NodeFiles, folder: string): Promise<void> {
  return fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** Gives an attempt the name of the piece. Throws InvalidArgumentError where it is gone. What has the name stays until then. */
async function putInPlace(fs: NodeFiles, attempt: string, folder: string): Promise<void> {
  if (!fs.existsSync(attempt))
    throw new InvalidArgumentError(
      'the folder of the piece',
      attempt,
      'a folder that is there: another attempt at this piece was kept first, or it was removed',
    );
  const aside = `${attempt}.replaced`;
  if (fs.existsSync(folder)) await fs.promises.rename(folder, aside);
  try {
    await fs.promises.rename(attempt, folder);
  } catch (error) {
    if (fs.existsSync(aside)) await fs.promises.rename(aside, folder);
    throw error;
  }
}

/** Makes the folder that of the configuration with these parameters. Throws InvalidArgumentError where it is that of another one. */
async function claimFolder(
  fs: NodeFiles,
  parent: string,
  { file, params }: { readonly file: string; readonly params: Params },
): Promise<void> {
  await fs.promises.mkdir(parent, { recursive: true });
  const own = canonical(params);
  try {
    await fs.promises.writeFile(file, own, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    // Empty for a moment while another worker writes the same.
    const there = await fs.promises.readFile(file, 'utf8');
    if (there === '' || there === own) return;
    throw new InvalidArgumentError(
      'the folder of a configuration',
      parent,
      `that of ${own}, and it has checkpoints of ${there}: two studies of one name share it; give one of them another name`,
    );
  }
}
