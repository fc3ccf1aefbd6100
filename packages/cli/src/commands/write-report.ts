import { accessSync, constants } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Params } from '@foothold/core';
import type { LocalStudy } from '@foothold/study';
import { UsageError } from '../usage-error.ts';

/** Writes the study's report to the file, whole or not at all; returns its path. */
export async function writeReport<P extends Params>(study: LocalStudy<P>, file: string): Promise<string> {
  const { studyReport } = await import('./study-report.ts');
  return writeWhole(
    file,
    await studyReport({
      name: study.name,
      direction: study.goal.direction,
      space: study.space.description,
      trials: await study.trials(),
    }),
  );
}

/** Writes a text file by way of a neighbour that is renamed, so that no half of it is ever there; returns its path. */
export async function writeWhole(file: string, text: string): Promise<string> {
  const path = resolve(file);
  await writeFile(`${path}.partial`, text);
  await rename(`${path}.partial`, path);
  return path;
}

/** Throws UsageError where the file could not be written at the end: better before the work than after it. */
export function refuseUnwritable(option: string, file: string | undefined): void {
  if (file === undefined) return;
  const folder = dirname(resolve(file));
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new UsageError(`${option} ${file}: the folder ${folder} is not there or cannot be written`);
  }
}
