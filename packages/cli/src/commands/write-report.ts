import { randomUUID } from 'node:crypto';
import { accessSync, constants, lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Params } from '@foothold/core';
import type { LocalStudy } from '@foothold/study';
import { UsageError } from '../usage-error.ts';
import { stopSignals } from './stoppable.ts';

/** The path of the study's report, which is written whole or not at all; `metric` names its value. */
export async function writeReport<P extends Params>(
  study: LocalStudy<P>,
  file: string,
  metric: string | undefined,
): Promise<string> {
  const { studyReport } = await import('./study-report.ts');
  return writeWhole(
    file,
    await studyReport({
      name: study.name,
      direction: study.goal.direction,
      objectives: study.goal.objectives,
      space: study.space.description,
      trials: await study.trials(),
      value: metric,
    }),
  );
}

/**
 * Writes a text file by way of a new neighbour that is renamed, so that no half of it is ever there; returns its path. A
 * link of that name is replaced and not followed. A signal that arrives meanwhile takes effect afterwards.
 */
export async function writeWhole(file: string, text: string): Promise<string> {
  const path = resolve(file);
  const partial = join(dirname(path), `.${randomUUID()}.partial`);
  await uninterrupted(() => {
    try {
      writeFileSync(partial, text, { flag: 'wx' });
      renameSync(partial, path);
    } catch (error) {
      rmSync(partial, { force: true });
      throw error;
    }
  });
  return path;
}

/** Does the work, which is synchronous, before any signal ends the process. */
async function uninterrupted(work: () => void): Promise<void> {
  const caught: NodeJS.Signals[] = [];
  const onSignal = (signal: NodeJS.Signals): void => {
    caught.push(signal);
  };
  // Where a command handles a signal already, it is the one to say what happens.
  const unhandled = stopSignals.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of unhandled) process.on(signal, onSignal);
  try {
    work();
  } finally {
    // Signals arrive in a later iteration of the event loop.
    await new Promise((done) => setImmediate(done));
    for (const signal of unhandled) process.off(signal, onSignal);
    for (const signal of caught) process.kill(process.pid, signal);
  }
}

/** Throws UsageError where the file could not be written at the end: better before the work than after it. */
export function refuseUnwritable(option: string, file: string | undefined): void {
  if (file === undefined) return;
  const folder = dirname(resolve(file));
  const there = lstatSync(resolve(file), { throwIfNoEntry: false });
  if (there && !there.isFile() && !there.isSymbolicLink())
    throw new UsageError(`${option} ${file}: there is something else than a file of that name`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(`${option} ${file}: the folder ${folder} is not there or cannot be written`);
  }
}
