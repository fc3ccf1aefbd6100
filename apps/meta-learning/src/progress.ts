import { bar, type Terminal } from '@foothold/app-small-to-large/terminal';
import type { Stage, TaskTrial } from './experiment.ts';
import { bestOf, methodNames, percent, settingsText } from './summary.ts';

export interface ProgressOptions {
  /** Evaluations of a stage. */
  readonly trialsOf: (stage: Stage) => number;
  /** Evaluations of all stages. */
  readonly total: number;
}

/** A live bar over all evaluations, and a line for each search that is done. */
export function progress(
  to: Terminal,
  { trialsOf, total }: ProgressOptions,
): (stage: Stage, trial: TaskTrial) => void {
  let done = 0;
  let seen: TaskTrial[] = [];
  return (stage, trial) => {
    done++;
    seen.push(trial);
    const best = bestOf(seen);
    const name = stage.kind === 'earlier' ? `earlier task "${stage.task}"` : methodNames[stage.method];
    const found = best ? percent(best.value) : '–';
    if (seen.length < trialsOf(stage)) {
      to.status(`${bar(done / total, 24)} ${done} of ${total}, ${name}, best so far ${found}`);
      return;
    }
    seen = [];
    const repeat = stage.kind === 'new' ? `, repeat ${stage.repeat + 1}` : '';
    to.line(
      `${String(done).padStart(4)}/${total}  ${`${name}${repeat}`.padEnd(40)} ${to.paint('green', found.padStart(6))}${best ? `  ${to.paint('dim', settingsText(best.params))}` : ''}`,
    );
  };
}
