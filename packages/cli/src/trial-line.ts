import type { Trial } from '@foothold/core';
import { outcomeText, paramsText, short } from './trial-text.ts';

export interface TrialLineOptions {
  /** What stands before it. */
  readonly label?: string | undefined;
  /** How far the study is, such as `4/50`. */
  readonly progress: string;
  /** Objectives beside the value. */
  readonly further?: readonly string[] | undefined;
  /** The best value so far. */
  readonly best: number | undefined;
}

/** A trial that has ended, as one line: `trial 3 (4/50): 0.25  lr=0.01  best 0.2`. */
export function trialLine(trial: Trial, { label, progress, best, further }: TrialLineOptions): string {
  const before = label ? `${label} ` : '';
  const found = best === undefined ? '' : `  best ${short(best)}`;
  return `${before}trial ${trial.number} (${progress}): ${outcomeText(trial, further)}  ${paramsText(trial.params)}${found}\n`;
}
