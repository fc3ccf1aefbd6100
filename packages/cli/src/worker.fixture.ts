import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { storageOf } from '@foothold/optimize';
import { replay } from '@foothold/study';
import { type StartedCommand, startIn } from './command.fixture.ts';

export const unitSpace = '{"x":{"type":"real","low":0,"high":1}}';

/** Asks until it holds. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`it did not come to that: ${what}`);
}

/** Workers of one study, started in a folder as users do. */
export function workersOf(folder: string, address: () => string) {
  const events = async (name: string) => {
    const storage = storageOf(address());
    try {
      return await storage.read(name, 0);
    } finally {
      await storage.close?.();
    }
  };
  return {
    /** The study's log. */
    events,
    trials: async (name: string) => replay(await events(name)).trials,
    start: (
      name: string,
      more: readonly string[],
      env: Readonly<Record<string, string>> = {},
    ): StartedCommand => startIn(folder, ['worker', '--storage', address(), '--name', name, ...more], env),
    /** A program in the folder, as the words of a command that run it. */
    program: (file: string, code: string): string => {
      writeFileSync(join(folder, file), code);
      return `"${process.execPath}" ${file}`;
    },
  };
}

/** What makes a study of so many trials. */
export const made = (trials: number): readonly string[] => [
  ...['--space', unitSpace, '--trials', String(trials), '--sampler', 'random'],
];
