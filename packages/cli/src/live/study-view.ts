import type { Direction, Goal, Params, Report, Trial } from '@foothold/core';
import {
  bestTrial,
  type CompleteTrial,
  paretoFront,
  type StudyState,
  studyWorkers,
  type TrialCounts,
} from '@foothold/study';
import { bestOfValues } from '@foothold/viz';
import { furtherNames } from '../objective-flags.ts';
import { runStart, timeLeft } from './time-left.ts';

/** What a terminal shows of a study that goes on. */
export interface StudyView {
  /** What stands before the bar; empty for none. */
  readonly label: string;
  /** How much of the work is done, 0 to 1, and the same in words; absent where its end is not known. */
  readonly share?: number | undefined;
  readonly progress: string;
  /** Of trials that the study asked for. */
  readonly counts: TrialCounts;
  /** Seconds that the run has taken. */
  readonly seconds: number;
  /** Seconds that it takes yet; undefined while that is not known. */
  readonly left?: number | undefined;
  readonly best?: CompleteTrial | undefined;
  /** With several objectives: the size of the Pareto front, and the names beside the value. No trial is then the best one. */
  readonly front?: { readonly size: number; readonly further: readonly string[] } | undefined;
  /** The best value after each trial that has ended, in the order of their numbers. */
  readonly bestValues: Float64Array;
  /** By number. */
  readonly running: readonly RunningTrial[];
  /** The trial that ended last. */
  readonly last?: Trial | undefined;
}

export interface RunningTrial {
  readonly number: number;
  readonly params: Params;
  /** Since it was asked for; undefined in logs without times. */
  readonly seconds?: number | undefined;
  /** What it reported last. */
  readonly reported?: Report | undefined;
  readonly worker: string;
}

export interface StudyViewOptions {
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When the run began. Default: when the study's workers last began to work. */
  readonly since?: number | undefined;
  /** Trials in all; undefined where that is not known. */
  readonly total?: number | undefined;
  /** What is done, where that is not a number of trials. */
  readonly done?:
    | { readonly share: number; readonly text: string; readonly left?: number | undefined }
    | undefined;
  readonly direction: Direction;
  /** Which trials may be the best. Default: all. */
  readonly competes?: ((trial: Trial) => boolean) | undefined;
  /** Index of a trial of this process among its parallel ones. */
  readonly slotOf?: ((number: number) => number | undefined) | undefined;
}

/** The view of a study in this state. */
export function studyView(state: StudyState, options: StudyViewOptions): StudyView {
  const { now, total, done, direction, competes = () => true } = options;
  const asked = state.trials.filter(({ loaded }) => !loaded);
  const ended = asked.filter(({ state: of }) => of !== 'running');
  const since = options.since ?? runStart(asked, now);
  const rivals = state.trials.filter((trial) => trial.state !== 'running' && competes(trial));
  const counts = { complete: 0, pruned: 0, failed: 0, running: 0 };
  for (const trial of asked) counts[trial.state]++;
  return {
    label: options.label,
    share: done?.share ?? (total === undefined ? undefined : ended.length / total),
    progress: done?.text ?? (total === undefined ? `${ended.length} trials` : `${ended.length}/${total}`),
    counts,
    seconds: (now - since) / 1000,
    left: done ? done.left : timeLeft(asked, { total, now, since }),
    ...bestOf(rivals, state.goal ?? { direction }),
    running: runningTrials(state, options),
    last: lastEnded(ended),
  };
}

function bestOf(rivals: readonly Trial[], goal: Goal): Pick<StudyView, 'best' | 'front' | 'bestValues'> {
  const { objectives = [], direction } = goal;
  if (objectives.length > 1) {
    const front = { size: paretoFront(rivals, goal).length, further: furtherNames(objectives) };
    return { front, bestValues: Float64Array.of() };
  }
  return { best: bestTrial(rivals, goal), bestValues: bestOfValues(rivals.map(figureOf), direction) };
}

function figureOf(trial: Trial): number {
  return trial.state === 'complete' ? trial.value : Number.NaN;
}

function lastEnded(ended: readonly Trial[]): Trial | undefined {
  return ended.reduce<Trial | undefined>(
    (last, trial) => (last && (last.finishedAt ?? 0) > (trial.finishedAt ?? 0) ? last : trial),
    undefined,
  );
}

function runningTrials(state: StudyState, { now, slotOf }: StudyViewOptions): readonly RunningTrial[] {
  const trials = new Map(
    state.trials.flatMap((trial) => (trial.state === 'running' ? [[trial.number, trial]] : [])),
  );
  return studyWorkers(state, { now })
    .map(({ number, owner, isAlive }) => {
      const { params, startedAt, reports } = trials.get(number)!;
      const slot = slotOf?.(number);
      return {
        number,
        params,
        seconds: startedAt === undefined ? undefined : (now - startedAt) / 1000,
        reported: reports.at(-1),
        worker: slot === undefined ? workerText(owner, isAlive) : `slot ${slot}`,
      };
    })
    .sort((a, b) => a.number - b.number);
}

/** The machine and the process of a worker's name, without the time when it began. */
function workerText(owner: string, isAlive: boolean | undefined): string {
  const name = owner.replace(/^(.*?:\d+):.*$/, '$1');
  return isAlive === false ? `${name} (gone)` : name;
}
