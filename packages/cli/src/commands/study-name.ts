import { createHash } from 'node:crypto';
import { basename } from 'node:path';

/** A name that the same command over the same space gets again: the program's name and a hash of everything that matters. */
export function studyName(command: string, facts: readonly unknown[]): string {
  const words = command.trim().split(/\s+/);
  const program = words.find((word) => /\.\w+$/.test(word)) ?? words[0] ?? 'study';
  const stem =
    basename(program)
      .replace(/\.\w+$/, '')
      .replaceAll(/[^\w-]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, 100) || 'study';
  return `${stem}-${createHash('sha256')
    .update(JSON.stringify([command, ...facts]))
    .digest('hex')
    .slice(0, 8)}`;
}
