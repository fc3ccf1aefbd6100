import { table } from '@foothold/app-small-to-large/terminal';
import { bestSoFar } from '@foothold/viz';
import { type Experiment, type Method, type MethodRun, methods, type TaskTrial } from './experiment.ts';

type CompleteTrial = Extract<TaskTrial, { readonly state: 'complete' }>;

export const methodNames: Record<Method, string> = {
  transfer: 'transfer',
  Bayesian: 'plain Bayesian',
  random: 'random search',
};

/** One method over all repeats: medians. Errors and test figures are shares of 0–1; times are seconds of one repeat. */
export interface MethodSummary {
  readonly method: Method;
  /** Lowest validation error after 1, 2, … evaluations. */
  readonly errors: readonly number[];
  /** Test figures of the setting with the lowest validation error. */
  readonly accuracy: number;
  readonly f1: number;
  readonly auc: number;
  readonly mse: number;
  readonly evaluations: number;
  /** Evaluations until the validation error is what random search ends with; Infinity where it never is. */
  readonly needed: number;
  readonly trainingSeconds: number;
  /** Of the search besides the trainings. */
  readonly choosingSeconds: number;
}

/** The middle value, or the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  // Not their mean where they are equal: that of two infinities must be one.
  return below === above ? (below ?? Number.NaN) : (below! + above!) / 2;
}

/** The complete trial of the lowest value, the first of equal ones. */
export function bestOf(trials: readonly TaskTrial[]): CompleteTrial | undefined {
  return trials
    .filter((t): t is CompleteTrial => t.state === 'complete')
    .reduce<CompleteTrial | undefined>((best, t) => (best && best.value <= t.value ? best : t), undefined);
}

/** What each method got for the same number of evaluations, in the order of `methods`. */
export function summaryOf({ runs }: Experiment): readonly MethodSummary[] {
  const coursesOf = (method: Method) =>
    runs
      .filter((r) => r.method === method)
      .map((run) => ({ run, errors: bestSoFar(run.trials, 'minimize') }));
  const goals = coursesOf('random').map(({ errors }) => errors.at(-1)!);
  return methods.map((method) => {
    const courses = coursesOf(method);
    const middle = (figure: (run: MethodRun) => number) => median(courses.map(({ run }) => figure(run)));
    const score = (name: string) => middle(({ trials }) => bestOf(trials)?.metrics?.[name] ?? Number.NaN);
    const evaluations = Math.max(0, ...courses.map(({ run }) => run.trials.length));
    return {
      method,
      errors: Array.from({ length: evaluations }, (_, i) => median(courses.map(({ errors }) => errors[i]!))),
      accuracy: score('accuracy'),
      f1: score('f1'),
      auc: score('auc'),
      mse: score('mse'),
      evaluations,
      needed: median(courses.map(({ errors }, i) => 1 + reached(errors, goals[i]!))),
      trainingSeconds: middle(secondsOf('seconds')),
      choosingSeconds: middle(secondsOf('choosing')),
    };
  });
}

/** Position of the first error that is no larger than the goal; Infinity without one. */
function reached(errors: ArrayLike<number>, goal: number): number {
  const at = Array.from(errors).findIndex((error) => error <= goal);
  return at < 0 ? Infinity : at;
}

/** Sum of a metric over a run's complete trials. */
function secondsOf(metric: 'seconds' | 'choosing'): (run: MethodRun) => number {
  return ({ trials }) =>
    trials.reduce((sum, t) => sum + (t.state === 'complete' ? (t.metrics?.[metric] ?? 0) : 0), 0);
}

export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const count = (n: number) => (n === Infinity ? '–' : String(n));
const seconds = (s: number) => `${s.toFixed(1)} s`;

/** Counts of evaluations whose errors the table shows: the first, some between, the last. */
export function shownCounts(evaluations: number): readonly number[] {
  return [...new Set([1, 3, 5, 10, evaluations])].filter((n) => n <= evaluations).sort((a, b) => a - b);
}

/** The comparison as lines of text: errors by evaluations, then what the chosen settings do on the test images. */
export function summaryText(summary: readonly MethodSummary[]): readonly string[] {
  const shown = shownCounts(summary[0]?.evaluations ?? 0);
  return [
    'Validation error of the best setting so far, by evaluations on the new task',
    ...table([
      ['method', ...shown.map(String), 'as good as random at its end after'],
      ...summary.map((s) => [
        methodNames[s.method],
        ...shown.map((n) => percent(s.errors[n - 1] ?? Number.NaN)),
        count(s.needed),
      ]),
    ]),
    '',
    'The chosen setting on the test images, and what finding it took',
    ...table([
      ['method', 'accuracy', 'macro F1', 'AUC-ROC', 'MSE', 'evaluations', 'training', 'choosing'],
      ...summary.map((s) => [
        methodNames[s.method],
        percent(s.accuracy),
        ...[s.f1, s.auc, s.mse].map((figure) => figure.toFixed(4)),
        String(s.evaluations),
        seconds(s.trainingSeconds),
        seconds(s.choosingSeconds),
      ]),
    ]),
  ];
}

/** A setting in words. */
export function settingsText({
  learningRate,
  batchSize,
  epochs,
  dropout,
  width,
}: CompleteTrial['params']): string {
  return `learning rate ${learningRate.toPrecision(2)}, batch ${batchSize}, ${epochs} epochs, dropout ${dropout.toFixed(2)}, width ${width}`;
}
