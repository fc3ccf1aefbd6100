import { type Dataset, datasetOf, matrixOf, type Params, type SampleRequest, type Why } from '@foothold/core';
import { outlierText } from '../bayesian/outlier-text.ts';

/**
 * The finished trials of all fidelities as one dataset to be maximized, in order of their numbers. A failed trial counts as
 * worse than the worst of its own fidelity. Where nothing of that fidelity is complete, it counts as the worst of the next
 * cheaper one that has values, else of the next more expensive one, else as 0. Outliers on the bad side are found for each
 * fidelity by itself. `isPenalty` says which rows have not the value of their trial, where there are such.
 */
export function fidelityData<P extends Params>(
  { space, trials, direction }: Pick<SampleRequest<P>, 'space' | 'trials' | 'direction'>,
  { levelOf, levels }: { readonly levelOf: (point: Float64Array) => number; readonly levels: number },
): Dataset {
  const done = trials.filter((t) => t.state === 'complete' || t.state === 'failed');
  const at = done.map((t) => levelOf(space.encode(t.params)));
  const parts = Array.from({ length: levels }, (_, level) => {
    const own = done.filter((_, i) => at[i] === level);
    const known = own.some((t) => t.state === 'complete' && Number.isFinite(t.value));
    return { own: known ? datasetOf(space, own, direction) : undefined, next: 0 };
  });
  const worst = (level: number): number => {
    const known = [...parts.slice(0, level).reverse(), ...parts.slice(level)].find(({ own }) => own);
    return known?.own ? known.own.y.reduce((least, v) => Math.min(least, v), Infinity) : 0;
  };
  const y = new Float64Array(done.length);
  const noise = new Float64Array(done.length);
  done.forEach((_, i) => {
    const part = parts[at[i]!]!;
    y[i] = part.own ? part.own.y[part.next]! : worst(at[i]!);
    noise[i] = part.own?.noise?.[part.next] ?? 0;
    part.next++;
  });
  const x = matrixOf(
    done.map((t) => space.encode(t.params)),
    space.columns.length,
  );
  // A value is moved where it is not finite or an outlier, and else only its sign is turned.
  const isPenalty = done.map((t, i) => t.state !== 'complete' || Math.abs(t.value) !== Math.abs(y[i]!));
  return {
    ...{ x, y },
    ...(noise.some((v) => v > 0) && { noise }),
    ...(isPenalty.includes(true) && { isPenalty }),
  };
}

/** `why.outliers`: for each fidelity with outliers how many trials, beyond which value. */
export function fidelityOutliersWhy<P extends Params>(
  { space, trials, direction }: Pick<SampleRequest<P>, 'space' | 'trials' | 'direction'>,
  column: {
    readonly name: string;
    readonly levelOf: (point: Float64Array) => number;
    readonly valueAt: (level: number) => unknown;
  },
): Why {
  const at = trials.map((t) => column.levelOf(space.encode(t.params)));
  const levels = [...new Set(at)].sort((a, b) => a - b);
  const outliers = levels.flatMap((level) => {
    const own = trials.filter((_, i) => at[i] === level);
    const figure = `value at ${column.name} ${column.valueAt(level)}`;
    return outlierText({ space, trials: own }, { metric: 'value', direction }, figure);
  });
  return outliers.length > 0 ? { outliers } : {};
}
