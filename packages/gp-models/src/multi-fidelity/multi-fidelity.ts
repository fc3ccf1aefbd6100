import {
  type Column,
  type Dataset,
  type LinearAlgebra,
  levelOf,
  type Matrix,
  type Posterior,
  type Surrogate,
  type Why,
} from '@foothold/core';
import { matern52 } from '../kernels/matern52.ts';
import { fittedKernelOf } from '../models/gaussian-posterior.ts';
import { gaussianProcess } from '../models/gaussian-process.ts';
import { autoregressive, fidelityCovariance } from './autoregressive.ts';
import { fidelityUnits, inFidelityUnits, toCommonUnits } from './fidelity-units.ts';
import { independentPosteriors } from './independent-posteriors.ts';
import { predictsBetter } from './predicts-better.ts';
import { type Comparison, targetAlone } from './target-alone.ts';

export interface MultiFidelityOptions {
  /** With an ordinal column whose levels are the fidelities, the cheapest first. */
  readonly columns: readonly Column[];
  /** Index of that column. */
  readonly fidelityColumn: number;
  readonly linalg?: LinearAlgebra | undefined;
}

/** Rows of the target fidelity from which on a model of these rows alone is compared with the joint one. */
const minTargetRows = 5;
/**
 * A Gaussian process over points and fidelities: each fidelity is a multiple of the next cheaper one plus a difference of its
 * own (`autoregressive`), so that cheap rows inform the expensive fidelities as far as the data agrees.
 *
 * One fit takes the rows of all fidelities, with one output warp. A fidelity whose values are clearly in other units (a range
 * 8 times larger or smaller, or an offset of more than the common range) is brought to the others first. From five rows of
 * the target fidelity on, a process of these alone predicts it where its leave-one-out predictive density is larger, so that
 * misleading cheap fidelities do no lasting harm; the test is asked without the penalties (`Dataset.isPenalty`), which the prediction has. `why.fidelities` has each fidelity's correlation with the target, and
 * `usesCheaper: false` in that case. Throws InvalidArgumentError where `fidelityColumn` is no ordinal column beside others.
 */
export function multiFidelity({ columns, fidelityColumn, linalg }: MultiFidelityOptions): Surrogate {
  const kernel = autoregressive(columns, fidelityColumn);
  const column = columns[fidelityColumn]!;
  const coupled = gaussianProcess({ kernel, linalg });
  const active = columns.flatMap((_, i) => (i === fidelityColumn ? [] : [i]));
  const targetOnly = gaussianProcess({ kernel: matern52(columns, { active }), linalg });
  const steps = (kernel.theta.length - columns.length) / 2;
  const levelsOf = (x: Matrix) =>
    Array.from({ length: x.rows }, (_, i) => levelOf(column, x.data[i * x.columns + fidelityColumn]!));
  const isTarget = (x: Matrix) => levelsOf(x).map((t) => t === steps);
  const models = {
    ...{ coupled, targetOnly },
    targetRowsOf: ({ x }: Dataset) => isTarget(x).flatMap((is, i) => (is ? [i] : [])),
    isBetterAlone: async ({ rows, targetRows, alone, joint }: Comparison) =>
      targetRows.length >= minTargetRows &&
      predictsBetter(await alone(), await joint(), { rows, targetRows }),
  };
  return {
    async fit(given, context) {
      const levels = levelsOf(given.x);
      const units = fidelityUnits(given, levels, steps + 1);
      const data = toCommonUnits(given, levels, units);
      const joint = await coupled.fit(data, context);
      const { state } = joint;
      const why = explanationOf(joint, steps);
      const target = await targetAlone(models, { joint, data, context });
      if (!target) return inFidelityUnits(joint, { units, levelsOf, state, why });
      const correlations = [...new Array<number>(steps).fill(0), 1];
      const alternative = { ...joint.why, fidelities: { correlations, usesCheaper: false } };
      const independent = independentPosteriors({ others: joint, target, isTarget }, data, alternative);
      return inFidelityUnits(independent, { units, levelsOf, state, why: alternative });
    },
  };
}

/** The explanation of the fit, with the correlation of each fidelity with the target. */
function explanationOf(posterior: Posterior, steps: number): Why {
  const { why = {} } = posterior;
  const kernel = fittedKernelOf(posterior);
  if (steps === 0 || !kernel) return why;
  const { b } = fidelityCovariance(kernel.theta.slice(-2 * steps));
  const size = steps + 1;
  const target = size * size - 1;
  const correlations = Array.from({ length: size }, (_, t) =>
    t === steps ? 1 : b[t * size + steps]! / Math.sqrt(b[t * size + t]! * b[target]!),
  );
  return { ...why, fidelities: { correlations } };
}
