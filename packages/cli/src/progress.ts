import type { Direction, Params, Trial } from '@foothold/core';
import pc from 'picocolors';
import { liveRow, type Terminal } from './live-row.ts';
import { runningTrials } from './running-trials.ts';
import { bar, clock, outcomeText, paramsText, short } from './trial-text.ts';

export interface Progress {
  /** An evaluation begins. */
  begin(trial: { readonly number: number; readonly params: Params }): void;
  /** An evaluation has ended, or was given up. */
  left(number: number): void;
  /** A trial has ended. */
  trial(trial: Trial): void;
  /** A line that stays, above the row. */
  note(text: string): void;
  end(): void;
}

export interface ProgressOptions {
  readonly total: number;
  readonly done?: number;
  /** The best trial of earlier runs. */
  readonly best?: Trial | undefined;
  readonly direction: Direction;
  /** Figures beside the value that are objectives too: they are shown with it, and no trial is the best one. */
  readonly further?: readonly string[];
  /** Milliseconds of any clock. */
  readonly now: () => number;
  readonly label?: string;
}

/**
 * On a terminal one row with the best value so far and the trials that run, cut to its width; elsewhere one line a trial,
 * and one for each that begins before any has ended.
 */
export function progress(terminal: Terminal, options: ProgressOptions): Progress {
  const { total, done = 0, direction, further = [], now } = options;
  const label = options.label ? `${options.label} ` : '';
  const start = now();
  const color = pc.createColors(terminal.isTTY === true && pc.isColorSupported);
  const running = runningTrials(now);
  let finished = done;
  let best = options.best;
  let last: Trial | undefined;
  let pruned = 0;
  const better = (a: number, b: number) => (direction === 'minimize' ? a < b : a > b);
  const shownBest = () => (further.length === 0 ? best : undefined);
  const bestText = () => shownValue(shownBest());
  const text = () =>
    rowText({
      label,
      total,
      done,
      finished,
      seconds: (now() - start) / 1000,
      best: shownBest(),
      last,
      further,
      pruned,
      running: running.text(),
    });
  const row = liveRow(terminal, {
    text,
    color: (line) => {
      const value = bestText();
      return value === undefined ? line : line.replace(`best ${value} `, `best ${color.green(value)} `);
    },
  });
  return {
    begin: (trial) => {
      running.begin(trial);
      if (terminal.isTTY) row.show();
      else if (last === undefined)
        terminal.write(`${label}trial ${trial.number} begins: ${paramsText(trial.params)}\n`);
    },
    trial: (trial) => {
      running.ended(trial.number);
      finished++;
      if (trial.state === 'pruned') pruned++;
      last = trial;
      if (trial.state === 'complete' && (best?.state !== 'complete' || better(trial.value, best.value)))
        best = trial;
      if (terminal.isTTY) row.show();
      else
        terminal.write(
          `${label}trial ${trial.number} (${finished}/${total}): ${outcomeText(trial, further)}  ${paramsText(trial.params)}${
            bestText() === undefined ? '' : `  best ${bestText()}`
          }\n`,
        );
    },
    left: running.ended,
    note: row.note,
    end: row.end,
  };
}

function shownValue(trial: Trial | undefined): string | undefined {
  return trial?.state === 'complete' ? short(trial.value) : undefined;
}

/** Progress, time, the best value, how many were pruned, what failed last, what runs, what ended last. */
function rowText({
  label,
  total,
  done,
  finished,
  seconds,
  best,
  last,
  further,
  pruned,
  running,
}: {
  readonly label: string;
  readonly total: number;
  readonly done: number;
  readonly finished: number;
  readonly seconds: number;
  readonly best: Trial | undefined;
  readonly last: Trial | undefined;
  readonly further: readonly string[];
  readonly pruned: number;
  readonly running: string;
}): string {
  const rest = finished > done ? (seconds / (finished - done)) * Math.max(total - finished, 0) : 0;
  const value = shownValue(best);
  return [
    `${label}${bar(finished / total, 10)} ${finished}/${total}`,
    `${clock(seconds)}${rest > 0 ? `, ${clock(rest)} left` : ''}`,
    ...(value === undefined ? [] : [`best ${value} (trial ${best!.number})`]),
    ...(pruned > 0 ? [`${pruned} pruned`] : []),
    ...(last?.state === 'failed' ? [`last ${outcomeText(last).slice(0, 40)}`] : []),
    running,
    ...(last && last.state !== 'failed' ? [`last ${outcomeText(last, further)}`] : []),
  ]
    .filter((part) => part !== '')
    .join('  ');
}
