import {
  type Direction,
  type Goal,
  minimizedValues,
  OptimizationError,
  type Outcome,
  objectivesOf,
  type Storage,
  type Trial,
  UnsupportedError,
  violationOf,
} from '@foothold/core';
import { bestTrial } from '../goal.ts';
import { type StudyWorker, studyWorkers, type WorkerOptions } from '../leases/study-workers.ts';
import { paretoFront } from '../pareto-front.ts';
import type { StudyState } from '../state/study-state.ts';
import { studyRecord } from '../study-record.ts';
import { comparableTrials } from './comparable-trials.ts';

/** Numbers of trials by what became of them. */
export type TrialCounts = Readonly<Record<Outcome['state'] | 'running', number>>;

/**
 * `running`: a trial has a worker, or one that may run on another machine. `interrupted`: trials have lost their
 * workers. `failed`: no trial is complete, and some failed. `new`: no trial has ended. `idle`: everything else.
 */
export type StudyActivity = 'running' | 'interrupted' | 'failed' | 'new' | 'idle';

/** What a list of studies shows. */
export interface StudySummary {
  readonly name: string;
  readonly activity: StudyActivity;
  /** Of each objective. */
  readonly directions: readonly Direction[];
  readonly counts: TrialCounts;
  /** The best trial that keeps the goal's constraints, at the target fidelity; with several objectives the best in the first. */
  readonly best?: Extract<Trial, { readonly state: 'complete' }>;
  /** The best value so far at evenly spread finished trials, at most 32; of the first objective. Empty before the first value. */
  readonly bestValues: readonly number[];
  /** Size of the Pareto front, with several objectives. */
  readonly front?: number;
  readonly workers: readonly StudyWorker[];
  /** Milliseconds since 1970 when it was made; absent in logs without times. */
  readonly createdAt?: number;
  /** When a trial last began or ended, or the study was made. */
  readonly changedAt?: number;
  /** Number of events. */
  readonly length: number;
}

/** A study whose log cannot be read, and why. */
export interface UnreadableStudy {
  readonly name: string;
  readonly fault: string;
}

/**
 * Summaries of all studies in a storage, by name. One that cannot be read does not hide the others. Throws UnsupportedError where the storage does
 * not list its studies, StorageError as it does.
 */
export async function studySummaries(
  storage: Storage,
  options: WorkerOptions = {},
): Promise<readonly (StudySummary | UnreadableStudy)[]> {
  if (!storage.studies) throw new UnsupportedError('a list of its studies', 'this storage');
  const summaries: (StudySummary | UnreadableStudy)[] = [];
  for (const name of await storage.studies()) {
    try {
      const summary = await studySummary(storage, name, options);
      if (summary) summaries.push(summary);
    } catch (error) {
      if (!(error instanceof OptimizationError)) throw error;
      summaries.push({ name, fault: error.message });
    }
  }
  return summaries;
}

/** The summary of one study; undefined where there is none. Throws StorageError as the storage does. */
export async function studySummary(
  storage: Storage,
  name: string,
  options: WorkerOptions = {},
): Promise<StudySummary | undefined> {
  return studySummaryOf(name, await studyRecord(storage, name).state(), options);
}

/** The summary of a study in this state; undefined for one without events. */
export function studySummaryOf(
  name: string,
  state: StudyState,
  options: WorkerOptions = {},
): StudySummary | undefined {
  const { created, trials } = state;
  if (!created) return undefined;
  const { goal = created.goal } = state;
  const counts = trialCounts(trials);
  const workers = studyWorkers(state, options);
  const compared = comparableTrials(state);
  const best = bestTrial(compared, goal);
  const last = lastTime(state);
  const isMulti = (goal.objectives?.length ?? 0) > 1;
  return {
    name,
    activity: studyActivity(counts, workers),
    directions: goal.objectives?.map(({ direction }) => direction) ?? [goal.direction],
    counts,
    ...(best && { best }),
    bestValues: bestValuesOf(compared, goal),
    ...(isMulti && { front: paretoFront(compared, goal).length }),
    workers,
    ...(created.at !== undefined && { createdAt: created.at }),
    ...(last !== undefined && { changedAt: last }),
    length: state.length,
  };
}

/** Points of the small chart in a list of studies. */
const maxBestValues = 32;

function bestValuesOf(trials: readonly Trial[], goal: Goal): readonly number[] {
  const sign = objectivesOf(goal)[0]!.direction === 'minimize' ? 1 : -1;
  const values: number[] = [];
  let best = Infinity;
  for (const trial of trials) {
    if (trial.state === 'running') continue;
    if (trial.state === 'complete' && violationOf(goal, trial) === 0) {
      const value = minimizedValues(goal, trial)[0]!;
      if (value < best) best = value;
    }
    if (best < Infinity) values.push(sign * best);
  }
  const step = (values.length - 1) / (maxBestValues - 1);
  return values.length <= maxBestValues
    ? values
    : Array.from({ length: maxBestValues }, (_, i) => values[Math.round(i * step)]!);
}

function lastTime({ created, trials }: StudyState): number | undefined {
  let last = created?.at ?? -Infinity;
  for (const { startedAt, finishedAt } of trials)
    last = Math.max(last, startedAt ?? last, finishedAt ?? last);
  return last === -Infinity ? undefined : last;
}

/** Numbers of the trials by what became of them. */
export function trialCounts(trials: readonly Trial[]): TrialCounts {
  const counts = { complete: 0, pruned: 0, failed: 0, running: 0 };
  for (const trial of trials) counts[trial.state]++;
  return counts;
}

/** What goes on in a study with these trials and workers. */
export function studyActivity(counts: TrialCounts, workers: readonly StudyWorker[]): StudyActivity {
  if (workers.some(({ isAlive }) => isAlive !== false)) return 'running';
  if (counts.running > 0) return 'interrupted';
  if (counts.complete + counts.pruned + counts.failed === 0) return 'new';
  return counts.complete === 0 && counts.failed > 0 ? 'failed' : 'idle';
}
