import type { Direction, Trial } from '@foothold/core';
import { type LocalStudy, type StudyState, trainingSpent } from '@foothold/study';
import { fidelityProgress } from '../fidelity-progress.ts';
import type { Terminal } from '../live/terminal.ts';
import type { Progress } from '../progress.ts';
import type { Training } from './training-of-flags.ts';

/** Progress whose news of a trial may have to read the study. */
export interface TuneProgress extends Omit<Progress, 'trial'> {
  trial(trial: Trial): void | Promise<void>;
}

/** Progress of a study whose trials are pieces of training, along what they cost. */
export function trainingProgress(
  terminal: Terminal,
  {
    study,
    training,
    ...options
  }: {
    readonly study: LocalStudy;
    readonly training: Training;
    readonly direction: Direction;
    /** Those of earlier runs. */
    readonly earlier: readonly Trial[];
    readonly read: () => Promise<StudyState>;
    readonly now: () => number;
  },
): TuneProgress {
  const { fidelity, budget } = training;
  const { name, max } = fidelity;
  const last = { index: max, parameter: name, value: max };
  const rows = fidelityProgress(terminal, { ...options, budget, last });
  return {
    ...rows,
    async trial(trial) {
      const at = Number(trial.params[name]);
      rows.trial(trial, { index: at, name: String(at), spent: await trainingSpent(study, training) });
    },
  };
}
