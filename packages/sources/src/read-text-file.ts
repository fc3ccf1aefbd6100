import { openText } from './open-text.ts';

/**
 * The text of a file, or what a program writes to a named pipe, as UTF-8, or as UTF-16 where its byte order mark says so,
 * without the mark. `name` stands for the file in messages; default: its path.
 *
 * Throws SourceError when it cannot be read, also for a pipe that no program has open for writing within two seconds;
 * InvalidArgumentError for bytes that are not text.
 */
export async function readTextFile(path: string, { name = path } = {}): Promise<string> {
  return (await openText(path, name)).text();
}
