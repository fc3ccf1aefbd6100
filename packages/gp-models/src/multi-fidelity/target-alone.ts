/** A model of the target rows alone in place of the joint one, where it predicts them better. */
import { type Dataset, type FitContext, type Posterior, type Surrogate, selectRows } from '@foothold/core';
import { observedRows } from './observed-rows.ts';

interface Models {
  readonly coupled: Surrogate;
  /** Of the target rows only. */
  readonly targetOnly: Surrogate;
  /** Indices of the rows of the target fidelity. */
  readonly targetRowsOf: (data: Dataset) => readonly number[];
  /** Whether the target rows alone predict themselves better than all rows do. */
  readonly isBetterAlone: (comparison: Comparison) => Promise<boolean>;
}

/** Both models of the rows without penalties, each fitted at its first call. */
export interface Comparison {
  readonly rows: Dataset;
  /** Those of `rows`. */
  readonly targetRows: readonly number[];
  alone(): Promise<Posterior>;
  joint(): Promise<Posterior>;
}

interface JointFit {
  /** `coupled`, fitted to `data`. */
  readonly joint: Posterior;
  readonly data: Dataset;
  readonly context: FitContext;
}

/**
 * The model of the target rows alone, penalties among them; undefined where the joint model is to be kept. A failed trial is no evidence of
 * what the other fidelities say: the models are compared without penalties.
 */
export async function targetAlone(
  { coupled, targetOnly, targetRowsOf, isBetterAlone }: Models,
  { joint, data, context: { rng, signal } }: JointFit,
): Promise<Posterior | undefined> {
  const rows = observedRows(data);
  const isWhole = rows === data;
  const contextOf = (name: string) => ({ rng: rng.fork(name), signal });
  const fitAlone = (of: Dataset, name: string) =>
    Promise.resolve(targetOnly.fit(selectRows(of, targetRowsOf(of)), contextOf(name)));
  let alone: Promise<Posterior> | undefined;
  const aloneOnce = () => {
    alone ??= fitAlone(rows, 'alone');
    return alone;
  };
  const isBetter = await isBetterAlone({
    rows,
    targetRows: targetRowsOf(rows),
    alone: aloneOnce,
    joint: async () => (isWhole ? joint : coupled.fit(rows, contextOf('observed'))),
  });
  if (!isBetter) return undefined;
  return isWhole ? aloneOnce() : fitAlone(data, 'alone with penalties');
}
