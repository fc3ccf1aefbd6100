import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { InvalidArgumentError } from '@foothold/core';

/**
 * Throws InvalidArgumentError where this first word of a command is no program that can be started, so that a misspelt name is one
 * message and not a study of failed trials. A word with a placeholder, and Windows with its endings, are not judged.
 */
export function requireProgram(word: string, path: string = process.env['PATH'] ?? ''): void {
  if (process.platform === 'win32' || word.includes('{')) return;
  const candidates =
    isAbsolute(word) || word.includes('/')
      ? [word]
      : path.split(delimiter).map((dir) => join(dir || '.', word));
  if (candidates.some(isProgram)) return;
  throw new InvalidArgumentError(
    '--run',
    word,
    'a program on the path or the path of one that may be executed; with --shell, whatever the shell knows',
  );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
