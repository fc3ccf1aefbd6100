import type { Column, Json, Why } from '@foothold/core';
import { outputTransform, untransform } from '../warps/output-warp.ts';
import type { FitState } from './fit-state.ts';
import type { Fitted } from './fitted.ts';

interface ExplainedOptions {
  readonly columns: readonly Column[] | undefined;
  /** Absent: the mode was asked for. */
  readonly hyperparameters?: Json | undefined;
}

/**
 * What a person may want to know of a fit, under `gaussianProcess`: `rows`; `noise`, the standard deviation of an observation, in
 * the units of the values, where they are about average; `outputs`, how they are transformed; `lengthscales` by parameter, as
 * fractions of its range, where the kernel has one for each column; `logDensity`, the log posterior density of the
 * hyperparameters a row, in nats; `simplified` where the model could not be fitted as asked; `hyperparameters` where they were to be averaged
 * over: 'mode', or `samples`, the number of models in the average.
 */
export function explanationOf(
  { kernel, noise, z }: Fitted,
  state: FitState,
  { columns, hyperparameters }: ExplainedOptions,
): Why {
  const lengthscales = kernel.stationary?.lengthscales;
  const named =
    columns && lengthscales?.length === columns.length
      ? columns.map(({ name }, j) => [name, finite(lengthscales[j]!)] as const)
      : undefined;
  return {
    gaussianProcess: {
      rows: z.length,
      noise: finite(Math.sqrt(noise) * untransform(0, state.warp).slope),
      outputs: outputTransform(state.warp).name,
      ...(named && { lengthscales: Object.fromEntries(named) }),
      logDensity: finite(state.evidence),
      ...(state.floored && { noiseAtLowerBound: true }),
      ...(state.fallback !== 'none' && { simplified: state.fallback }),
      ...(hyperparameters !== undefined && { hyperparameters }),
    },
  };
}

function finite(value: number): Json {
  return Number.isFinite(value) ? value : null;
}
