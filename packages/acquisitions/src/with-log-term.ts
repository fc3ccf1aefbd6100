/** Acquisitions in log units with a term of the points themselves added. */
import {
  type Acquisition,
  type AcquisitionBelief,
  InvalidArgumentError,
  type JointBelief,
  type JointUtility,
  type Matrix,
  matrix,
  matrixOf,
} from '@foothold/core';

/** A number at each of m points of the unit cube, m; finite. */
export type LogTerm = (x: Matrix) => Float64Array;

/** Step of the differences that stand in for the gradient of a term, in the unit cube: central ones, and inward at its border. */
const step = 1e-5;

/**
 * value + weight·term(x), with the weight that `weightOf` gives the belief. Throws InvalidArgumentError for a term that is no function, and its utility
 * one under the term's name where it is not a finite number at each point.
 */
export function withLogTerm(
  acquisition: Acquisition,
  {
    name,
    termName,
    term: given,
    weightOf,
  }: {
    readonly name: string;
    readonly termName: string;
    readonly term: LogTerm;
    readonly weightOf: (belief: AcquisitionBelief) => number;
  },
): Acquisition {
  if (typeof given !== 'function')
    throw new InvalidArgumentError(termName, given, 'a function of points that returns a number for each');
  const term: LogTerm = (x) => {
    const values = given(x);
    if (values?.length !== x.rows)
      throw new InvalidArgumentError(termName, values, `a number for each of the ${x.rows} points`);
    const odd = values.find((value) => !Number.isFinite(value));
    if (odd !== undefined)
      throw new InvalidArgumentError(termName, odd, 'a finite number at every point of the unit cube');
    return values;
  };
  return {
    ...acquisition,
    name: `${name}(${acquisition.name ?? 'unnamed'})`,
    async prepare(belief) {
      const utility = await acquisition.prepare(belief);
      const weight = weightOf(belief);
      if (typeof utility !== 'function') return jointWeighted(utility, term, weight);
      return (marginals, x, options) => {
        const inner = utility(marginals, x, options);
        const added = term(x);
        const value = inner.value.map((u, i) => u + weight * added[i]!);
        if (options?.gradient === false) return { ...inner, value };
        const slopes = slopesOf(term, x);
        const dInputs = matrix(
          x.rows,
          x.columns,
          slopes.data.map((u, i) => weight * u + (inner.dInputs?.data[i] ?? 0)),
        );
        return { ...inner, value, dInputs };
      };
    },
  };
}

function jointWeighted(utility: JointUtility, term: LogTerm, weight: number): JointUtility {
  const { derivatives } = utility;
  const shift = (at: Float64Array) => weight * term(matrixOf([at]))[0]!;
  return {
    ...utility,
    // The term is that of the candidate alone.
    movable: 0,
    value: (joint, at) => utility.value(joint, at) + shift(at),
    ...(derivatives && {
      derivatives(joint: JointBelief, at: Float64Array) {
        const inner = derivatives(joint, at);
        const slopes = slopesOf(term, matrixOf([at])).data;
        const dInputs = slopes.map((u, j) => weight * u + (inner.dInputs?.[j] ?? 0));
        return { ...inner, value: inner.value + shift(at), dInputs };
      },
    }),
  };
}

function slopesOf(term: LogTerm, x: Matrix): Matrix {
  const { rows, columns } = x;
  const result = matrix(rows, columns);
  for (let j = 0; j < columns; j++) {
    // A term need not be defined outside of the cube.
    const moved = (by: number) =>
      matrix(
        rows,
        columns,
        x.data.map((u, i) => (i % columns === j ? Math.min(Math.max(u + by, 0), 1) : u)),
      );
    const [low, high] = [moved(-step), moved(step)];
    const [below, above] = [term(low), term(high)];
    for (let i = 0; i < rows; i++) {
      const at = i * columns + j;
      const distance = high.data[at]! - low.data[at]!;
      result.data[at] = distance > 0 ? (above[i]! - below[i]!) / distance : 0;
    }
  }
  return result;
}
