import { clock } from '@foothold/app-small-to-large/clock';
import { bar, type Terminal } from '@foothold/app-small-to-large/terminal';
import type { Stage, StageTrials, TaskTrial } from './experiment.ts';
import { bestOf, methodNames, percent, settingsText } from './summary.ts';

export interface ProgressOptions {
  /** Evaluations of a stage. */
  readonly trialsOf: (stage: Stage) => number;
  /** Evaluations of all stages. */
  readonly total: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export interface ExperimentDisplay {
  /** Evaluations of an earlier run, which are not made again. */
  taken(stages: readonly StageTrials[]): void;
  trial(stage: Stage, trial: TaskTrial): void;
}

/** A live bar over all evaluations with the time left, and a line for each search that is done. */
export function progress(to: Terminal, { trialsOf, total, now }: ProgressOptions): ExperimentDisplay {
  const known = new Map<string, TaskTrial[]>();
  let begun = now();
  let before = 0;
  let done = 0;
  return {
    taken(stages) {
      for (const { stage, trials } of stages) {
        known.set(nameOf(stage), [...trials]);
        before += trials.length;
      }
      done = before;
      begun = now();
      if (before > 0)
        to.line(
          `${before} of ${total} evaluations are there from an earlier run${before < total ? ', going on' : ''}.`,
        );
    },
    trial(stage, trial) {
      done++;
      const seen = known.get(nameOf(stage)) ?? [];
      known.set(nameOf(stage), seen);
      seen.push(trial);
      const left = clock(((now() - begun) / (done - before)) * (total - done));
      const best = bestOf(seen);
      const found = best ? percent(best.value) : '–';
      if (seen.length < trialsOf(stage)) {
        to.status(
          `${bar(done / total, 24)} ${done} of ${total}, ${left} left, ${nameOf(stage)}, best so far ${found}`,
        );
        return;
      }
      to.line(
        `${String(done).padStart(4)}/${total}, ${`${left} left`.padEnd(14)}  ${nameOf(stage).padEnd(32)} ${to.paint('green', found.padStart(6))}${best ? `  ${to.paint('dim', settingsText(best.params))}` : ''}`,
      );
    },
  };
}

function nameOf(stage: Stage): string {
  return stage.kind === 'earlier'
    ? `earlier task "${stage.task}"`
    : `${methodNames[stage.method]}, repeat ${stage.repeat + 1}`;
}
