/**
 * Test functions of global optimization with known minima (collected by Surjanovic & Bingham, "Virtual Library of
 * Simulation Experiments"; Dixon & Szegő 1978 for Branin, Goldstein–Price, Shekel and Hartmann).
 */

export interface TestFunction {
  readonly name: string;
  /** Range of each coordinate, d. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Smallest value, and a point where it is taken. */
  readonly minimum: number;
  readonly minimizer: Float64Array;
  evaluate(x: ArrayLike<number>): number;
}

const { PI, cos, exp, sin, sqrt } = Math;

function cube(
  name: string,
  range: readonly [low: number, high: number],
  rest: Pick<TestFunction, 'minimum' | 'evaluate'> & { readonly minimizer: readonly number[] },
): TestFunction {
  const minimizer = Float64Array.from(rest.minimizer);
  return {
    name,
    low: minimizer.map(() => range[0]),
    high: minimizer.map(() => range[1]),
    ...rest,
    minimizer,
  };
}

/** Σ over coordinates of term(xᵢ, i). */
function sum(x: ArrayLike<number>, term: (v: number, i: number) => number, from = 0): number {
  let total = 0;
  for (let i = from; i < x.length; i++) total += term(x[i]!, i);
  return total;
}

function hartmann(
  a: readonly (readonly number[])[],
  p: readonly (readonly number[])[],
): (x: ArrayLike<number>) => number {
  const alpha = [1, 1.2, 3, 3.2];
  return (x) =>
    -alpha.reduce((s, w, k) => s + w * exp(-sum(x, (v, i) => a[k]![i]! * (v - 1e-4 * p[k]![i]!) ** 2)), 0);
}

const ackleyShift = [9.8, -8.2, 13.4, -12.1, 5.9];
/** A centre a row, and the inverse of its height; the seventh row is as Dixon and Szegő have it, others print 5, 3, 5, 3. */
const shekelCentres = [
  [4, 4, 4, 4],
  [1, 1, 1, 1],
  [8, 8, 8, 8],
  [6, 6, 6, 6],
  [3, 7, 3, 7],
  [2, 9, 2, 9],
  [5, 5, 3, 3],
  [8, 1, 8, 1],
  [6, 2, 6, 2],
  [7, 3.6, 7, 3.6],
];
const shekelBeta = [0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5];

export const testFunctions: readonly TestFunction[] = [
  {
    name: 'branin',
    low: Float64Array.of(-5, 0),
    high: Float64Array.of(10, 15),
    minimum: 0.39788735772973816,
    minimizer: Float64Array.of(PI, 2.275),
    evaluate: ({ 0: a = 0, 1: b = 0 }) =>
      (b - (5.1 / (4 * PI * PI)) * a * a + (5 / PI) * a - 6) ** 2 + 10 * (1 - 1 / (8 * PI)) * cos(a) + 10,
  },
  cube('hartmann3', [0, 1], {
    minimum: -3.86277978733889,
    minimizer: [0.114614, 0.555649, 0.852547],
    evaluate: hartmann(
      [
        [3, 10, 30],
        [0.1, 10, 35],
        [3, 10, 30],
        [0.1, 10, 35],
      ],
      [
        [3689, 1170, 2673],
        [4699, 4387, 7470],
        [1091, 8732, 5547],
        [381, 5743, 8828],
      ],
    ),
  }),
  cube('hartmann6', [0, 1], {
    minimum: -3.32236801141551,
    minimizer: [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573],
    evaluate: hartmann(
      [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
      ],
      [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
      ],
    ),
  }),
  cube('ackley5 shifted', [-32.768, 32.768], {
    minimum: 0,
    minimizer: ackleyShift,
    evaluate: (x) => {
      const z = (v: number, i: number) => v - ackleyShift[i]!;
      const square = sum(x, (v, i) => z(v, i) ** 2) / x.length;
      return (
        -20 * exp(-0.2 * sqrt(square)) - exp(sum(x, (v, i) => cos(2 * PI * z(v, i))) / x.length) + 20 + Math.E
      );
    },
  }),
  cube('rosenbrock4', [-5, 10], {
    minimum: 0,
    minimizer: [1, 1, 1, 1],
    evaluate: (x) => sum(x, (v, i) => 100 * (v - x[i - 1]! ** 2) ** 2 + (1 - x[i - 1]!) ** 2, 1),
  }),
  cube('levy8', [-10, 10], {
    minimum: 0,
    minimizer: new Array<number>(8).fill(1),
    evaluate: (x) => {
      const w = Array.from(x, (v) => 1 + (v - 1) / 4);
      const last = w.at(-1)!;
      return (
        sin(PI * w[0]!) ** 2 +
        sum(w.slice(0, -1), (v) => (v - 1) ** 2 * (1 + 10 * sin(PI * v + 1) ** 2)) +
        (last - 1) ** 2 * (1 + sin(2 * PI * last) ** 2)
      );
    },
  }),
  cube('michalewicz5', [0, PI], {
    minimum: -4.687658179088148,
    minimizer: [2.202906, 1.570796, 1.284992, 1.923058, 1.72047],
    evaluate: (x) => -sum(x, (v, i) => sin(v) * sin(((i + 1) * v * v) / PI) ** 20),
  }),
  cube('styblinski-tang6', [-5, 5], {
    minimum: -6 * 39.16616570377142,
    minimizer: new Array<number>(6).fill(-2.903534027771177),
    evaluate: (x) => 0.5 * sum(x, (v) => v ** 4 - 16 * v * v + 5 * v),
  }),
  cube('griewank5', [-600, 600], {
    minimum: 0,
    minimizer: [0, 0, 0, 0, 0],
    evaluate: (x) => {
      let product = 1;
      for (let i = 0; i < x.length; i++) product *= cos(x[i]! / sqrt(i + 1));
      return 1 + sum(x, (v) => v * v) / 4000 - product;
    },
  }),
  {
    name: 'six-hump camel',
    low: Float64Array.of(-3, -2),
    high: Float64Array.of(3, 2),
    minimum: -1.0316284534898774,
    minimizer: Float64Array.of(0.08984201, -0.7126564),
    evaluate: ({ 0: a = 0, 1: b = 0 }) =>
      (4 - 2.1 * a ** 2 + a ** 4 / 3) * a ** 2 + a * b + (-4 + 4 * b ** 2) * b ** 2,
  },
  cube('goldstein-price', [-2, 2], {
    minimum: 3,
    minimizer: [0, -1],
    evaluate: ({ 0: a = 0, 1: b = 0 }) =>
      (1 + (a + b + 1) ** 2 * (19 - 14 * a + 3 * a * a - 14 * b + 6 * a * b + 3 * b * b)) *
      (30 + (2 * a - 3 * b) ** 2 * (18 - 32 * a + 12 * a * a + 48 * b - 36 * a * b + 27 * b * b)),
  }),
  cube('shekel10', [0, 10], {
    minimum: -10.536409816692,
    minimizer: [4.000746, 4.000593, 3.999663, 3.99951],
    evaluate: (x) =>
      -shekelCentres.reduce(
        (s, centre, k) => s + 1 / (shekelBeta[k]! + sum(x, (v, i) => (v - centre[i]!) ** 2)),
        0,
      ),
  }),
  cube('rastrigin4', [-5.12, 5.12], {
    minimum: 0,
    minimizer: [0, 0, 0, 0],
    evaluate: (x) => sum(x, (v) => v * v - 10 * cos(2 * PI * v) + 10),
  }),
  cube('dixon-price4', [-10, 10], {
    minimum: 0,
    minimizer: [1, 2, 3, 4].map((i) => 2 ** -((2 ** i - 2) / 2 ** i)),
    evaluate: (x) => (x[0]! - 1) ** 2 + sum(x, (v, i) => (i + 1) * (2 * v * v - x[i - 1]!) ** 2, 1),
  }),
  cube('zakharov5', [-5, 10], {
    minimum: 0,
    minimizer: [0, 0, 0, 0, 0],
    evaluate: (x) => {
      const s = sum(x, (v, i) => 0.5 * (i + 1) * v);
      return sum(x, (v) => v * v) + s ** 2 + s ** 4;
    },
  }),
];
