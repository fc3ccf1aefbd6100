import {
  type Awaitable,
  InvalidArgumentError,
  type Outcome,
  type Params,
  type Study,
  type Trial,
  TrialStateError,
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
  /** Records an intermediate value. Rejects with TrialPruned when the trial is not worth finishing. */
  report(step: number, value: number): Promise<void>;
  /** Which of the places for parallel trials this one has, 0 … concurrency − 1: no two running trials have the same. */
  readonly slot: number;
  /** Aborts when the optimization is stopped, or when another worker has the trial: an objective that then throws leaves its trial to be asked again. */
  readonly signal: AbortSignal;
}

/** How a trial ended: told, or given back because the run was stopped or somebody else has taken it over. */
export type Ending = { readonly outcome: Outcome; readonly error?: unknown } | 'interrupted';

/** Runs the objective on one trial and tells the study. Rejects with what the study threw, never with the objective's error. */
export async function evaluate<P extends Params>(
  study: Study<P>,
  trial: Trial<P>,
  run: { readonly objective: ObjectiveFunction<P>; readonly slot: number; readonly signal: AbortSignal },
): Promise<Ending> {
  const { number } = trial;
  const lease = renewal(study, number);
  const signal = AbortSignal.any([run.signal, lease.lost]);
  let broken: { readonly error: unknown } | undefined;
  const report = (step: number, value: number): Promise<void> => {
    const reported = study.report(number, step, value).then((decision) => {
      if (decision === 'prune') throw new TrialPruned(number, step);
    });
    // A report that nobody awaits must not end the process; what the storage threw is thrown below.
    reported.catch((error: unknown) => {
      if (isLogError(error)) broken ??= { error };
    });
    return reported;
  };
  const ending = await outcomeOf(() =>
    run.objective(trial.params, { number, report, slot: run.slot, signal }),
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

/** Optional abilities of a study. */
interface Renewing {
  readonly renewEvery: number | undefined;
  renew(number: number): Promise<void>;
}

/** Renews the trial's lease until `end`; `lost` aborts when the trial has become another worker's. */
function renewal<P extends Params>(
  study: Study<P>,
  number: number,
): { readonly lost: AbortSignal; end(): void } {
  const controller = new AbortController();
  const { renewEvery } = study as Partial<Renewing>;
  if (renewEvery === undefined) return { lost: controller.signal, end: () => undefined };
  const renew = async () => {
    try {
      await (study as Renewing & Study<P>).renew(number);
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
    const result = await call();
    const outcome: Outcome =
      typeof result === 'number'
        ? { state: 'complete', value: result }
        : 'state' in result
          ? result
          : { state: 'complete', ...result };
    const flaw = flawOf(outcome);
    return flaw === undefined ? { outcome } : { outcome: { state: 'failed', reason: flaw } };
  } catch (error) {
    if (error instanceof TrialPruned) return { outcome: { state: 'pruned' }, error };
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: { state: 'failed', reason }, error: error ?? new Error(reason) };
  }
}

/** Why a complete outcome cannot be told: a figure that is not finite. */
function flawOf(outcome: Outcome): string | undefined {
  if (outcome.state !== 'complete') return undefined;
  const { value, standardError = 0, metrics = {} } = outcome;
  for (const [name, figure] of Object.entries({ ...metrics, standardError, value }))
    if (typeof figure !== 'number' || !Number.isFinite(figure))
      return `the objective returned ${name} = ${String(figure)}, allowed is a finite number`;
  return undefined;
}

/** Not the objective's fault: the storage, the network. */
function isLogError(error: unknown): boolean {
  return !(
    error instanceof TrialPruned ||
    error instanceof InvalidArgumentError ||
    error instanceof TrialStateError
  );
}
