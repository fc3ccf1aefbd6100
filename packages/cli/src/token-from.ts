import { readText } from './read-text.ts';
import { UsageError } from './usage-error.ts';

/** The token of the file, or of the environment, which forgets it: what is started from here does not get it. */
export async function tokenFrom(
  file: string | undefined,
  variable: string,
  option: string,
): Promise<string | undefined> {
  const inEnvironment = process.env[variable];
  delete process.env[variable];
  const token = file === undefined ? inEnvironment : (await readText(option, file)).trim();
  if (file !== undefined && token === '') throw new UsageError(`${option}: ${file} is empty`);
  return token === '' ? undefined : token;
}
