import { readFileSync } from 'node:fs';
import { type ParameterSpace, spaceOf } from '@foothold/space';
import { json } from './options.ts';
import { UsageError } from './usage-error.ts';

/** The space of `--space`: a JSON file's path, or the JSON itself. Throws UsageError, or what the space's JSON does not allow. */
export function readSpace(fileOrJson: string): ParameterSpace {
  const inline = fileOrJson.trimStart().startsWith('{'); // trims a byte order mark too
  const text = inline ? fileOrJson.trimStart() : readText('--space', fileOrJson);
  return spaceOf(json(inline ? '--space' : fileOrJson, text) as Parameters<typeof spaceOf>[0]);
}

/** A file's text, without a byte order mark. Throws UsageError with the option, the path and the reason. */
export function readText(option: string, path: string): string {
  try {
    return decoded(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error;
    throw new UsageError(
      `${option}: ${path} could not be read (${reason === 'ENOENT' ? 'there is no such file' : reason})`,
    );
  }
}

/** Text of a file in UTF-8, or in UTF-16 with a byte order mark, as Windows programs write it. */
function decoded(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
