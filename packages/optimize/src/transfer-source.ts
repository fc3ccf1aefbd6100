import type { Awaitable, Direction, Goal, Params, Trial } from '@foothold/core';
import type { PastTrial } from '@foothold/study';

/** An earlier problem to learn from: another dataset, a smaller model, fewer epochs, last month's run. */
export interface TransferSource {
  /** For `why` and reports; its position when absent. */
  readonly name?: string | undefined;
  /** `trials()` of a study, or parameters with values; running trials are left out. */
  readonly trials: readonly PastTrial<Params>[];
  /** That of the new study when absent. */
  readonly direction?: Direction | undefined;
  /** Features of the task (size, classes, …), the same ones for every source; they help to find similar sources. */
  readonly metaFeatures?: readonly number[] | undefined;
  /** Trust in it before any evidence, 0 to 1; 1 when absent, 0 leaves it out. */
  readonly weight?: number | undefined;
  /** What was not read of it where it came from, for `why.unused`: sentences. */
  readonly unused?: readonly string[] | undefined;
}

/** A study as it is, here or on a server: read once, at the first suggestion. */
export interface PastStudy {
  readonly name?: string | undefined;
  readonly goal?: Goal | undefined;
  trials(): Awaitable<readonly Trial[]>;
}

/** Where a new study starts from. */
export interface TransferOptions {
  /** Earlier studies to start from. */
  readonly transfer?: readonly (TransferSource | PastStudy)[] | undefined;
  /** How: `auto` unless told. */
  readonly method?: TransferMethod | undefined;
  /**
   * Mixes the method with the plain model by how well each foretells what it has not seen. `auto` has a gate of its own, and
   * the portfolio leaves the model alone: they refuse it.
   */
  readonly gated?: boolean | undefined;
  /** Features of the new task, the same ones as the sources': those of similar tasks then weigh more. */
  readonly metaFeatures?: readonly number[] | undefined;
}

/** Names of the transfer methods; `transferMethods` says what each does. */
export type TransferMethod =
  | 'auto'
  | 'portfolio'
  | 'empirical-prior'
  | 'residual'
  | 'ranking-weighted'
  | 'two-stage'
  | 'multi-task'
  | 'quantile';

/** Reads the studies among the sources, and gives each source a name of its own. */
export async function readSources(
  earlier: readonly (TransferSource | PastStudy)[],
  direction: Direction,
): Promise<readonly (TransferSource & { readonly name: string; readonly direction: Direction })[]> {
  const used = new Set<string>();
  const sources = [];
  for (const [i, source] of earlier.entries()) {
    const given = isStudy(source) ? await sourceOf(source) : source;
    const wanted = given.name ?? `source ${i + 1}`;
    let name = wanted;
    for (let k = 2; used.has(name); k++) name = `${wanted} (${k})`;
    used.add(name);
    sources.push({ ...given, name, direction: given.direction ?? direction });
  }
  return sources;
}

/** True for a study, false for a source that holds its trials. */
export function isStudy(source: TransferSource | PastStudy): source is PastStudy {
  return typeof source.trials === 'function';
}

async function sourceOf(study: PastStudy): Promise<TransferSource> {
  return studySource(await study.trials(), { name: study.name, goal: study.goal });
}

/** A study's trials as a source: its value, or the first of its objectives where those do not name the value. */
export function studySource(
  trials: readonly Trial[],
  { name, goal }: Pick<PastStudy, 'name' | 'goal'>,
): TransferSource {
  const { objectives = [] } = goal ?? {};
  const objective = objectives.find(({ metric }) => metric === 'value') ?? objectives[0];
  const direction = objective?.direction ?? goal?.direction;
  if (!objective || objective.metric === 'value') return { name, trials, direction };
  const { metric } = objective;
  const past = trials.map((trial): PastTrial<Params> => {
    if (trial.state !== 'complete') return trial;
    const value = trial.metrics?.[metric];
    const { params } = trial;
    return value === undefined ? { params, state: 'failed', reason: `no ${metric}` } : { params, value };
  });
  return { name, trials: past, direction };
}
