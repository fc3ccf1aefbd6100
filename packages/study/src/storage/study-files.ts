/** The files of the studies in a folder: `STUDY.jsonl`, and beside it what belongs to it. */
import { StorageError } from '@foothold/core';
import { encodedName } from './encoded-name.ts';
import type { NodeFiles } from './node-files.ts';

type Fs = NodeFiles['fs'];
const ending = '.jsonl';

/** The file name of a study's log. Throws InvalidArgumentError for a name that no file can have. */
export function fileNameOf(study: string): string {
  return `${encodedName(study)}${ending}`;
}

/** Names of the studies in the folder, sorted; none where there is no folder. A file without a byte is no study. */
export function studiesIn(fs: Fs, directory: string): readonly string[] {
  const names = namesIn(fs, directory).flatMap((file) => {
    const name = studyOf(file);
    if (name === undefined) return [];
    const facts = fs.statSync(`${directory}/${file}`, { throwIfNoEntry: false });
    return facts?.isFile() && facts.size > 0 ? [name] : [];
  });
  return names.sort();
}

/** Deletes a study's log, and then what belongs to it; true where there was a log with something in it. */
export function removeStudy(fs: Fs, directory: string, study: string): boolean {
  const path = `${directory}/${fileNameOf(study)}`;
  const facts = fs.lstatSync(path, { throwIfNoEntry: false });
  if (facts?.isDirectory()) throw new StorageError(`${path} is a folder, allowed is a regular file`);
  if (facts) fs.unlinkSync(path);
  for (const file of filesBeside(fs, directory, study)) fs.rmSync(`${directory}/${file}`, { force: true });
  return facts !== undefined && facts.size > 0;
}

/**
 * Gives a study's log, and then what belongs to it, another name. The log has both names for a moment: a name that is taken is never
 * overwritten. Throws StorageError where there is no such study, or the name is taken.
 */
export function renameStudy(
  fs: Fs,
  directory: string,
  { study, to }: { readonly study: string; readonly to: string },
): void {
  const [from, target] = [`${directory}/${fileNameOf(study)}`, `${directory}/${fileNameOf(to)}`];
  const facts = fs.statSync(from, { throwIfNoEntry: false });
  if (!facts || facts.size === 0) throw new StorageError(`${from}: there is no such study to rename`);
  if (study === to) return;
  const taken = fs.statSync(target, { throwIfNoEntry: false });
  // A rename that was stopped in the middle; one name in two spellings (of a system that ignores case) is one link.
  const isHalfway = taken?.ino === facts.ino && taken.dev === facts.dev && facts.nlink > 1;
  if (taken?.size === 0) fs.unlinkSync(target);
  try {
    if (!isHalfway) fs.linkSync(from, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StorageError(`${target}: a study of this name is there; choose another name`, { cause: error });
  }
  fs.unlinkSync(from);
  const beside = filesBeside(fs, directory, study);
  for (const file of filesBeside(fs, directory, to)) fs.rmSync(`${directory}/${file}`, { force: true });
  for (const file of beside)
    fs.renameSync(
      `${directory}/${file}`,
      `${directory}/${fileNameOf(to)}${file.slice(fileNameOf(study).length)}`,
    );
}

/** Snapshots and copies of unfinished records of a study. */
function filesBeside(fs: Fs, directory: string, study: string): readonly string[] {
  const log = fileNameOf(study);
  const beside = /^\.(snapshot(-[0-9a-f-]+)?|torn-\d+(-\d+)?)$/;
  return namesIn(fs, directory).filter((file) => file.startsWith(log) && beside.test(file.slice(log.length)));
}

function namesIn(fs: Fs, directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The study of which this is the log's file name; undefined for any other file. */
function studyOf(file: string): string | undefined {
  try {
    const name = decodeURIComponent(file.slice(0, -ending.length));
    return fileNameOf(name) === file ? name : undefined;
  } catch {
    return undefined;
  }
}
