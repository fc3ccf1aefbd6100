import type { Trial } from '@foothold/core';
import { metricOf } from './metric-of.ts';
import { storedState } from './stored-events.ts';
import { studyReport } from './study-report.ts';
import { refuseUnwritable, writeWhole } from './write-report.ts';

/** `foothold report STUDY`: reads the study's log alone, so it also works while the study runs. Throws UsageError for a study that is not there. */
export async function reportCommand(
  name: string,
  options: { readonly storage: string; readonly out: string },
): Promise<void> {
  refuseUnwritable('--out', options.out);
  const state = await storedState(name, options.storage);
  const html = await studyReport({
    name,
    direction: state.goal!.direction,
    objectives: state.goal!.objectives,
    space: state.space,
    trials: state.trials as readonly Trial[],
    value: metricOf(state),
  });
  process.stdout.write(`${await writeWhole(options.out, html)}\n`);
}
