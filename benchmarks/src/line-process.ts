/** A Python program that answers each line of JSON with one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { InvalidArgumentError } from '@foothold/core';

export interface LineProcess {
  /** What the program printed first. */
  readonly first: object;
  ask<Answer>(question: object): Promise<Answer>;
  close(): void;
}

/** Starts it on one thread. Throws where no program is named, or where it ends. */
export async function lineProcess(
  program: string | undefined,
  words: readonly string[],
): Promise<LineProcess> {
  if (program === undefined)
    throw new InvalidArgumentError('--python', program, 'a Python with the packages of this benchmark');
  const child = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const failed = once(child, 'error').then(() => ({ value: undefined, done: true }));
  const answer = async () => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done || value === undefined) throw new Error(`${program} ${words[0]} has ended`);
    return JSON.parse(value);
  };
  const first = await answer();
  return {
    first,
    ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}
