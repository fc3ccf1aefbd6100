import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Params } from '@foothold/core';
import { writeTextFile } from '@foothold/sources';
import type { LocalStudy } from '@foothold/study';
import { UsageError } from '../usage-error.ts';
import { uninterrupted } from './uninterrupted.ts';

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

/** Writes a text file whole (`writeTextFile`); returns its path. A signal that arrives meanwhile takes effect afterwards. */
export async function writeWhole(file: string, text: string): Promise<string> {
  const path = resolve(file);
  await uninterrupted(() => writeTextFile(path, text));
  return path;
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
