import { InvalidArgumentError } from '@foothold/core';

/** The file in the folder of a study's checkpoints that tells it from folders of the same path on other machines. */
export const markFile = 'folder-id';

/** The mark of the folder of a study's checkpoints: workers that read the same one share the folder. */
export interface FolderMark {
  /** Absolute. */
  readonly folder: string;
  /** The mark; undefined where there is none, or no such folder. */
  read(): Promise<string | undefined>;
  /** The mark, which is `mark` where there was none. The folder has to be there. */
  made(mark: string): Promise<string>;
}

/** The mark of `directory/STUDY`. Needs Node. Its calls reject with InvalidArgumentError where the folder cannot be read or written. */
export async function folderMark(directory: string, study: string): Promise<FolderMark> {
  const [fs, path] = await Promise.all([import('node:fs/promises'), import('node:path')]);
  const folder = path.resolve(directory, study);
  const file = path.join(folder, markFile);
  const refused = (error: unknown) =>
    new InvalidArgumentError(
      'the folder of checkpoints',
      folder,
      `a folder that can be read and written (${error instanceof Error ? error.message : error})`,
    );
  const text = async (): Promise<string | undefined> => {
    try {
      return await fs.readFile(file, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw refused(error);
    }
  };
  const whole = async () => {
    // Empty for a moment while another worker writes it.
    for (let k = 0; k < tries && (await text()) === ''; k++)
      await new Promise((done) => setTimeout(done, pause));
    return (await text()) || undefined;
  };
  return {
    folder,
    read: async () => (await text()) || undefined,
    async made(mark) {
      try {
        await fs.writeFile(file, mark, { flag: 'wx' });
        return mark;
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw refused(error);
      }
      const there = await whole();
      if (there !== undefined) return there;
      // Its writer was killed before it wrote.
      await fs.writeFile(file, mark).catch((error: unknown) => Promise.reject(refused(error)));
      return mark;
    },
  };
}

/** Looks at a mark that is empty, and milliseconds between them: in all much longer than so short a write takes. */
const tries = 10;
const pause = 20;

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
