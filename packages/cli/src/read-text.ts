import { readTextFile, SourceError } from '@foothold/sources';
import { UsageError } from './usage-error.ts';

/** A file's text, without a byte order mark. Throws UsageError with the option, the path and the reason. */
export async function readText(option: string, path: string): Promise<string> {
  try {
    return await readTextFile(path, { name: `${option}: ${path}` });
  } catch (error) {
    if (error instanceof SourceError) throw new UsageError(error.message);
    throw error;
  }
}
