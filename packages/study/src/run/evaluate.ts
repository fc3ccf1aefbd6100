import {
  type Awaitable,
  InvalidArgumentError,
  isReservedName,
  type Outcome,
  type Params,
  type Report,
  type ReportAnswer,
  type Study,
  type TrainingPiece,
  type Trial,
  type TrialNotes,
  TrialStateError,
  UnsupportedError,
} from '@foothold/core';
import { TrialPruned } from './trial-pruned.ts';

/** What an objective may return: the value, the value with more figures, or a whole outcome. */
export type Evaluation = number | Omit<Extract<Outcome, { readonly state: 'complete' }>, 'state'> | Outcome;

/** Computes what a study optimizes. An exception makes a failed trial with its message as the reason. */
export type ObjectiveFunction<P extends Params = Params> = (
  params: P,
  context: TrialContext,
) => Awaitable<Evaluation>;

export interface TrialContext {
  readonly number: number;
  /**
   * Records an intermediate value, with further figures where there are. Rejects with TrialPruned when the trial is not worth
   * finishing.
   */
  report(step: number, value: number, metrics?: Readonly<Record<string, number>>): Promise<void>;
  /**
   * Records reports that are there at the same time, in their order and at once, as far as the first after which the trial is not worth finishing.
   * Resolves to an answer for each: 'prune' from that one on, and what `report` would have rejected with for one that is refused.
   */
  reportAll(reports: readonly Report[]): Promise<readonly ReportAnswer[]>;
  /** Writes attributes, a note and the output of the trial. Throws UnsupportedError where the study keeps none. */
  note(notes: TrialNotes): Promise<void>;
  /** Index of the worker that has this trial, 0 … concurrency − 1: no two running trials have the same. */
  readonly slot: number;
  /** Aborts when the optimization is stopped, or when another worker has the trial: an objective that then throws leaves its trial to be asked again. */
  readonly signal: AbortSignal;
  /** What to train, in a study whose goal has a fidelity. */
  readonly piece?: TrainingPiece;
}

/** How a trial ended: told, or given back because the run was stopped or somebody else has taken it over. */
export type TrialEnding = { readonly outcome: Outcome; readonly error?: unknown } | 'interrupted';

/** Runs the objective on one trial and tells the study. Rejects with what the study threw, never with the objective's error. */
export async function evaluate<P extends Params>(
  study: Study<P>,
  trial: Trial<P>,
  run: { readonly objective: ObjectiveFunction<P>; readonly slot: number; readonly signal: AbortSignal },
): Promise<TrialEnding> {
  const { number } = trial;
  const lease = renewal(study, number);
  const signal = AbortSignal.any([run.signal, lease.lost]);
  let broken: { readonly error: unknown } | undefined;
  const report: TrialContext['report'] = (step, value, metrics) => {
    const reported = study.report(number, step, value, metrics).then((decision) => {
      if (decision === 'prune') throw new TrialPruned(number, step);
    });
    return watched(reported);
  };
  const reportAll: TrialContext['reportAll'] = (reports) => watched(reportedAll(study, number, reports));
  // A report that nobody awaits must not end the process; what the storage threw is thrown below.
  const watched = <T>(reported: Promise<T>): Promise<T> => {
    reported.catch((error: unknown) => {
      if (isLogError(error)) broken ??= { error };
    });
    return reported;
  };
  const note = async (notes: TrialNotes): Promise<void> => {
    if (!study.note) throw new UnsupportedError('notes', 'the study');
    return study.note(number, notes);
  };
  const ending = await outcomeOf(() =>
    run.objective(trial.params, {
      ...{ number, report, reportAll, note, slot: run.slot, signal },
      ...(trial.piece && { piece: trial.piece }),
    }),
  );
  lease.end();
  if (broken) throw broken.error;
  if (ending.error !== undefined && signal.aborted && !(ending.error instanceof TrialPruned))
    return 'interrupted';
  try {
    await study.tell(number, ending.outcome);
  } catch (error) {
    if (error instanceof TrialStateError) return 'interrupted';
    throw error;
  }
  return ending;
}

async function reportedAll(
  study: Study,
  number: number,
  reports: readonly Report[],
): Promise<readonly ReportAnswer[]> {
  if (study.reportAll) return study.reportAll(number, reports);
  const { reportedInTurn } = await import('./reported-in-turn.ts');
  return reportedInTurn(study, number, reports);
}

/** Renews the trial's lease until `end`; `lost` aborts when the trial has become another worker's. */
function renewal<P extends Params>(
  study: Study<P>,
  number: number,
): { readonly lost: AbortSignal; end(): void } {
  const controller = new AbortController();
  const { renewEvery } = study;
  if (renewEvery === undefined || !study.renew) return { lost: controller.signal, end: () => undefined };
  const renew = async () => {
    try {
      await study.renew!(number);
    } catch (error) {
      // A storage that is busy now may take the next renewal.
      if (error instanceof TrialStateError && !ended) controller.abort(error);
    }
  };
  let ended = false;
  const timer = setInterval(renew, Math.min(renewEvery, 2 ** 31 - 1));
  const end = () => {
    ended = true;
    clearInterval(timer);
  };
  return { lost: controller.signal, end };
}

async function outcomeOf(call: () => Awaitable<Evaluation>): Promise<{ outcome: Outcome; error?: unknown }> {
  try {
    return { outcome: outcomeOfEvaluation(await call()) };
  } catch (error) {
    if (error instanceof TrialPruned) return { outcome: { state: 'pruned' }, error };
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: { state: 'failed', reason }, error: error ?? new Error(reason) };
  }
}

/** What is told of a trial whose objective returned this: a failure where it is no evaluation, or a figure of it is not finite. */
export function outcomeOfEvaluation(result: unknown): Outcome {
  const flaw = flawOf(result);
  if (flaw !== undefined) return { state: 'failed', reason: `the objective returned ${flaw}` };
  if (typeof result === 'number') return { state: 'complete', value: result };
  const outcome = result as Exclude<Evaluation, number>;
  return 'state' in outcome ? outcome : { state: 'complete', ...outcome };
}

/** Why what an objective returned cannot be told: it is no evaluation, or a figure of it is not finite. */
function flawOf(result: unknown): string | undefined {
  const allowed = 'allowed is a finite number or an outcome, such as { value: 0.5 }';
  if (typeof result === 'number')
    return Number.isFinite(result) ? undefined : `value = ${result}, allowed is a finite number`;
  if (typeof result !== 'object' || result === null || Array.isArray(result))
    return `${kindOf(result)}, ${allowed}`;
  const {
    state = 'complete',
    value,
    standardError = 0,
    metrics = {},
    reason,
  } = result as Record<string, unknown>;
  if (state === 'pruned') return undefined;
  if (state === 'failed')
    return typeof reason === 'string' ? undefined : `a failure without a reason, ${allowed}`;
  if (state !== 'complete') return `the state ${kindOf(state)}, allowed is complete, pruned or failed`;
  if (value === undefined) return `${kindOf(result)}, ${allowed}`;
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics))
    return `metrics = ${kindOf(metrics)}, allowed is an object of finite numbers`;
  for (const [name, figure] of Object.entries({ ...metrics, standardError, value })) {
    if (isReservedName(name)) return `a metric called ${name}, a name that every JavaScript object has`;
    if (typeof figure !== 'number' || !Number.isFinite(figure))
      return `${name} = ${kindOf(figure)}, allowed is a finite number`;
  }
  return undefined;
}

/** A value as a person would write it, short enough for a message. */
function kindOf(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' && typeof value !== 'string') return String(value);
  try {
    const text =
      JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? '';
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  } catch {
    return Array.isArray(value) ? 'a list' : 'an object';
  }
}

/** Not the objective's fault: the storage, the network. */
function isLogError(error: unknown): boolean {
  return !(
    error instanceof TrialPruned ||
    error instanceof InvalidArgumentError ||
    error instanceof TrialStateError
  );
}
