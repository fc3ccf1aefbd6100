import { existsSync, readdirSync } from 'node:fs';
import type { Trial } from '@foothold/core';
import { replay } from '@foothold/study';
import { studiesIn } from '../studies-in.ts';
import { UsageError } from '../usage-error.ts';
import { metricOf } from './metric-of.ts';
import { studyReport } from './study-report.ts';
import { refuseUnwritable, writeWhole } from './write-report.ts';

/** `foothold report STUDY`: reads the study's log alone, so it also works while the study runs. Throws UsageError for a study that is not there. */
export async function reportCommand(
  name: string,
  options: { readonly storage: string; readonly out: string },
): Promise<void> {
  refuseUnwritable('--out', options.out);
  const events = existsSync(options.storage) ? await studiesIn(options.storage).read(name, 0) : [];
  const state = replay(events);
  if (!state.created) {
    const there = existsSync(options.storage)
      ? readdirSync(options.storage).flatMap((file) => (file.endsWith('.jsonl') ? [file.slice(0, -6)] : []))
      : [];
    throw new UsageError(
      `there is no study ${JSON.stringify(name)} in ${options.storage}${there.length > 0 ? `; there are ${there.join(', ')}` : ', which holds none'}`,
    );
  }
  const html = await studyReport({
    name,
    direction: state.created.goal.direction,
    space: state.created.space,
    trials: state.trials as readonly Trial[],
    value: metricOf(state),
  });
  process.stdout.write(`${await writeWhole(options.out, html)}\n`);
}
