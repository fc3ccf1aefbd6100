/** Functions with gradients on which climbers are tried. */
import type { ValueAndGradient } from './lbfgsb/minimize.ts';

/** Chain of Rosenbrock valleys, minimum 0 at 1. */
export const rosenbrock: ValueAndGradient = (x) => {
  let value = 0;
  const gradient = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const t = x[i + 1]! - x[i]! ** 2;
    value += 100 * t * t + (1 - x[i]!) ** 2;
    gradient[i]! += -400 * x[i]! * t - 2 * (1 - x[i]!);
    gradient[i + 1]! += 200 * t;
  }
  return { value, gradient };
};

/** Half the sum of 10^(4i/(n−1))·(x − i/n)²: condition number 1e4, minimum 0 at i/n. */
export const quadratic: ValueAndGradient = (x) => {
  const n = x.length;
  let value = 0;
  const gradient = x.map((v, i) => {
    const a = 10 ** ((i * 4) / (n - 1));
    value += 0.5 * a * (v - i / n) ** 2;
    return a * (v - i / n);
  });
  return { value, gradient };
};
