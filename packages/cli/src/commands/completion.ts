import type { Command } from 'commander';
import { bashWords } from '../completion/bash-words.ts';
import { completeLine } from '../completion/complete-line.ts';
import { completionScripts, type Shell } from '../completion/scripts.ts';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';

/** `foothold completion SHELL`: prints what the shell has to run once. */
export function printCompletion(shell: Shell): void {
  process.stdout.write(completionScripts[shell]);
}

/** `foothold complete SHELL -- WORDS`, which those scripts call: a candidate a line, a tab, its description. */
export async function complete(shell: Shell, given: readonly string[], program: Command): Promise<void> {
  const { words, kept } = shell === 'bash' ? bashWords(given) : { words: given, kept: '' };
  const { candidates, files } = await completeLine(program, words, studyNames);
  const lines = candidates.map(
    ({ value, description }) => `${printable(value.slice(kept.length))}\t${printable(description)}\n`,
  );
  process.stdout.write(`${lines.join('')}${files ? ':files\n' : ''}`);
}

/** Milliseconds that somebody who pressed a key waits for a database. */
const longest = 2000;

/** The studies' names; none where they cannot be read soon. */
async function studyNames(
  storage = process.env['FOOTHOLD_STORAGE'] || 'foothold-studies',
): Promise<readonly string[]> {
  const late = new Promise<readonly string[]>((resolve) => {
    setTimeout(() => resolve([]), longest).unref();
  });
  const names = (async () => studiesIn(storage).studies?.() ?? [])().catch(() => []);
  return Promise.race([names, late]);
}
