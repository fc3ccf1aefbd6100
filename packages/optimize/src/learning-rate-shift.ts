/**
 * Where the best learning rate of a narrow network is expected in a wide one.
 *
 * Under the standard parametrization with Adam, the step of a hidden layer's outputs grows with its width, so that the
 * best learning rate falls as 1/width; under the maximal update parametrization it stays (Yang, Hu, Babuschkin, Sidor,
 * Liu, Farhi, Ryder, Pachocki, Chen, Gao 2022, "Tensor Programs V: Tuning Large Neural Networks via Zero-Shot
 * Hyperparameter Transfer", arXiv 2203.03466, table 3 and figure 1).
 */
import { InvalidArgumentError, type Params, type SearchSpace } from '@foothold/core';

/** A parameter whose good values lie, on the large problem, `factor` times as high as on the smaller one. */
export interface ParameterShift {
  readonly parameter: string;
  readonly factor: number;
}

export interface LearningRateShiftOptions {
  /** Name of the learning rate in the space. */
  readonly parameter: string;
  readonly fromWidth: number;
  readonly toWidth: number;
  /** Power of the widths' ratio. Default: −1. 0 for networks in the maximal update parametrization. */
  readonly exponent?: number | undefined;
}

/**
 * A shift by (toWidth/fromWidth)^exponent, for `smallToLarge`: what was learned on the small problem counts as if it had
 * been found at the shifted learning rate, which is a prior mean for the large one.
 *
 * A rule of thumb for hidden layers in the standard parametrization trained with Adam; other optimizers and other layers
 * follow other powers, depth, batch size and schedule move the optimum too, and networks in μP need none (`exponent: 0`).
 * The large problem's own evaluations correct it. Throws InvalidArgumentError for widths that are not above 0.
 */
export function learningRateShift(options: LearningRateShiftOptions): ParameterShift {
  const { parameter, fromWidth, toWidth, exponent = -1 } = options;
  if (typeof parameter !== 'string' || parameter === '')
    throw new InvalidArgumentError('parameter', parameter, 'the name of a parameter of the space');
  for (const [name, width] of [
    ['fromWidth', fromWidth],
    ['toWidth', toWidth],
  ] as const)
    if (!(width > 0 && width < Infinity)) throw new InvalidArgumentError(name, width, 'a number above 0');
  if (!Number.isFinite(exponent)) throw new InvalidArgumentError('exponent', exponent, 'a finite number');
  const factor = (toWidth / fromWidth) ** exponent;
  if (!(factor > 0 && factor < Infinity))
    throw new InvalidArgumentError(
      'exponent',
      exponent,
      'one whose power of the widths is a positive number',
    );
  return { parameter, factor };
}

/**
 * Checks a shift before a run. Throws InvalidArgumentError where the space has no such numeric parameter, and for a factor that is
 * not above 0.
 */
export function checkShift<P extends Params>(space: SearchSpace<P>, shift: ParameterShift | undefined): void {
  if (shift) shifted(space, space.decode(new Float64Array(space.columns.length).fill(0.5)), shift);
}

/** A shift as `why` shows it. */
export function shiftText({ parameter, factor }: ParameterShift): string {
  return `${parameter} × ${Number(factor.toPrecision(4))}`;
}

/**
 * The parameters at the shifted value, clipped to its range; those without the parameter (an inactive one) stay as they
 * are. Throws InvalidArgumentError where the space has no such numeric parameter, and for a factor that is not above 0.
 */
export function shifted<P extends Params>(
  space: SearchSpace<P>,
  params: P,
  shift: ParameterShift | undefined,
): { readonly params: P; readonly clipped: boolean } {
  if (!shift) return { params, clipped: false };
  const { parameter, factor } = shift;
  if (!(factor > 0 && factor < Infinity))
    throw new InvalidArgumentError('shift.factor', factor, 'a finite number above 0');
  const [low, high] = rangeOf(space, parameter);
  const value = params[parameter];
  if (typeof value !== 'number' || factor === 1) return { params, clipped: false };
  const moved = Math.min(Math.max(value * factor, low), high);
  return { params: { ...params, [parameter]: moved }, clipped: moved !== value * factor };
}

function rangeOf<P extends Params>(space: SearchSpace<P>, parameter: string): readonly [number, number] {
  const found = space.description?.[parameter];
  if (found?.type === 'real' && found.step !== undefined)
    throw new InvalidArgumentError(
      'shift.parameter',
      parameter,
      'a real parameter of the space without a step',
    );
  if (found?.type === 'real') return [found.low, found.high];
  const index = space.columns.findIndex(({ name, kind }) => name === parameter && kind === 'continuous');
  const end = (u: number) => {
    const point = new Float64Array(space.columns.length).fill(0.5);
    point[index] = u;
    return index < 0 ? undefined : space.decode(point)[parameter];
  };
  const [low, high] = [end(0), end(1)];
  if (typeof low !== 'number' || typeof high !== 'number')
    throw new InvalidArgumentError('shift.parameter', parameter, 'a real parameter of the space');
  return [low, high];
}
