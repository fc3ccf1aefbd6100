import { type ParameterSpace, spaceOf } from '@foothold/space';
import { json } from './json-text.ts';
import { readText } from './read-text.ts';

/** The space of `--space`: a JSON file's path, or the JSON itself. Throws UsageError, or what the space's JSON does not allow. */
export async function readSpace(fileOrJson: string): Promise<ParameterSpace> {
  const inline = fileOrJson.trimStart().startsWith('{'); // trims a byte order mark too
  const text = inline ? fileOrJson.trimStart() : await readText('--space', fileOrJson);
  return spaceOf(json(inline ? '--space' : fileOrJson, text) as Parameters<typeof spaceOf>[0]);
}
