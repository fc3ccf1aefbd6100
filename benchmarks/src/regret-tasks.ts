/**
 * Test problems for best-so-far curves: the ten of the recorded peers and further ones that nothing was tuned on.
 *
 * Formulas: Surjanovic and Bingham, "Virtual Library of Simulation Experiments"; Hansen et al. 2009 for shifts.
 */
import { seeded } from '@foothold/core';
import { categorical, integer, logUniform, type ParameterSpace, searchSpace, uniform } from '@foothold/space';

export interface RegretTask {
  readonly name: string;
  readonly space: ParameterSpace;
  readonly f: (params: Readonly<Record<string, number | string | boolean>>) => number;
  readonly minimum: number;
  /** Standard deviation of the noise in told values. */
  readonly noise: number;
}

type Vector = readonly number[];

function box(
  name: string,
  bounds: readonly (readonly [number, number])[],
  [f, minimum, noise = 0]: readonly [(x: Vector) => number, number, number?],
): RegretTask {
  const space = searchSpace(
    Object.fromEntries(bounds.map(([low, high], i) => [`x${i}`, uniform(low, high)])),
  ) as unknown as ParameterSpace;
  return { name, space, minimum, noise, f: (params) => f(bounds.map((_, i) => Number(params[`x${i}`]))) };
}

const same = (d: number, low: number, high: number) => Array.from({ length: d }, () => [low, high] as const);
const total = (x: Vector, term: (u: number, i: number) => number) =>
  x.reduce((sum, u, i) => sum + term(u, i), 0);
const { sin, cos, exp, sqrt, PI, abs } = Math;

function branin([a, b]: Vector): number {
  const t = b! - (5.1 / (4 * PI ** 2)) * a! * a! + (5 / PI) * a! - 6;
  return t * t + 10 * (1 - 1 / (8 * PI)) * cos(a!) + 10;
}

function hartmann(x: Vector, steep: readonly Vector[], centres: readonly Vector[]): number {
  const heights = [1, 1.2, 3, 3.2];
  return -heights.reduce(
    (sum, h, i) => sum + h * exp(-total(x, (u, j) => steep[i]![j]! * (u - 1e-4 * centres[i]![j]!) ** 2)),
    0,
  );
}
const hartmann3 = (x: Vector) =>
  hartmann(
    x,
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
  );
const hartmann6 = (x: Vector) =>
  hartmann(
    x,
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
  );

function ackley(x: Vector, shift: Vector): number {
  const d = x.length;
  const square = total(x, (u, i) => (u - shift[i]!) ** 2) / d;
  const waves = total(x, (u, i) => cos(2 * PI * (u - shift[i]!))) / d;
  return -20 * exp(-0.2 * sqrt(square)) - exp(waves) + 20 + Math.E;
}
const rosenbrock = (x: Vector) => total(x.slice(1), (u, i) => 100 * (u - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2);
function levy(x: Vector): number {
  const w = x.map((u) => 1 + (u - 1) / 4);
  const last = w.at(-1)!;
  return (
    sin(PI * w[0]!) ** 2 +
    total(w.slice(0, -1), (u) => (u - 1) ** 2 * (1 + 10 * sin(PI * u + 1) ** 2)) +
    (last - 1) ** 2 * (1 + sin(2 * PI * last) ** 2)
  );
}
const michalewicz = (x: Vector) => -total(x, (u, i) => sin(u) * sin(((i + 1) * u * u) / PI) ** 20);
const styblinski = (x: Vector) => 0.5 * total(x, (u) => u ** 4 - 16 * u * u + 5 * u);

function mixedTask(): RegretTask {
  const space = searchSpace({
    c1: categorical('a', 'b', 'c'),
    c2: categorical('u', 'v', 'w', 'x'),
    i1: integer(1, 8),
    i2: integer(0, 20),
    lr: logUniform(1e-5, 1),
    wd: logUniform(1e-6, 1e-1),
  }) as unknown as ParameterSpace;
  const first: Readonly<Record<string, number>> = { a: 0.6, b: 0, c: 0.3 };
  const second: Readonly<Record<string, number>> = { u: 0.5, v: 0.2, w: 0, x: 0.8 };
  const centre: Readonly<Record<string, number>> = { a: -2, b: -3, c: -4 };
  return {
    name: 'mixed',
    space,
    minimum: 0,
    noise: 0,
    f: ({ c1, c2, i1, i2, lr, wd }) => {
      const u = Math.log10(Number(lr)) - centre[String(c1)]! + 0.15 * (Number(i1) - 5);
      const v = Math.log10(Number(wd)) + 3.5;
      return (
        first[String(c1)]! +
        second[String(c2)]! +
        (c1 === 'a' && c2 === 'w' ? 0.4 : 0) +
        ((Number(i1) - 5) / 4) ** 2 +
        0.5 * ((Number(i2) - 13) / 10) ** 2 +
        0.5 * u * u +
        0.25 * v * v +
        0.2 * sin(1.5 * v) ** 2
      );
    },
  };
}

const braninBox = [
  [-5, 10],
  [0, 15],
] as const;

/** The tasks of the recorded peers, by the same names. */
export const peerTasks: readonly RegretTask[] = [
  box('branin', braninBox, [branin, 0.39788735772973816]),
  box('hartmann3', same(3, 0, 1), [hartmann3, -3.86277978733889]),
  box('hartmann6', same(6, 0, 1), [hartmann6, -3.32236801141551]),
  box('ackley5s', same(5, -32.768, 32.768), [(x) => ackley(x, [9.8, -8.2, 13.4, -12.1, 5.9]), 0]),
  box('rosenbrock4', same(4, -5, 10), [rosenbrock, 0]),
  box('levy8', same(8, -10, 10), [levy, 0]),
  box('michalewicz5', same(5, 0, PI), [michalewicz, -4.687658179088148]),
  box('styblinski6', same(6, -5, 5), [styblinski, 6 * -39.16616570377142]),
  mixedTask(),
  box('branin_noise1', braninBox, [branin, 0.39788735772973816, 1]),
];

/** A shift for each coordinate, the same in every run. */
const shifts = (name: string, d: number, reach: number) => {
  const rng = seeded(`shift of ${name}`);
  return Array.from({ length: d }, () => (2 * rng.next() - 1) * reach);
};

function shifted(
  name: string,
  d: number,
  options: { readonly bound: number; readonly f: (x: Vector) => number },
): RegretTask {
  const by = shifts(name, d, 0.6 * options.bound);
  return box(name, same(d, -options.bound, options.bound), [
    (x) => options.f(x.map((u, i) => u - by[i]!)),
    0,
  ]);
}

function logGoldstein([p, q]: Vector): number {
  const a = 4 * p! - 2;
  const b = 4 * q! - 2;
  const one = 1 + (a + b + 1) ** 2 * (19 - 14 * a + 3 * a * a - 14 * b + 6 * a * b + 3 * b * b);
  const two = 30 + (2 * a - 3 * b) ** 2 * (18 - 32 * a + 12 * a * a + 48 * b - 36 * a * b + 27 * b * b);
  return Math.log(one * two);
}
const camel = ([a, b]: Vector) =>
  (4 - 2.1 * a! ** 2 + a! ** 4 / 3) * a! ** 2 + a! * b! + (-4 + 4 * b! ** 2) * b! ** 2;
function shekel(x: Vector): number {
  const c = [
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
  const beta = [0.1, 0.2, 0.2, 0.4, 0.4, 0.6, 0.3, 0.7, 0.5, 0.5];
  return -c.reduce((sum, centre, i) => sum + 1 / (beta[i]! + total(x, (u, j) => (u - centre[j]!) ** 2)), 0);
}

/** Further tasks, held out: shifted ellipsoids, ridges and waves, a needle, and a tuned-network-like mixed space. */
export const otherTasks: readonly RegretTask[] = [
  box('goldstein-log', same(2, 0, 1), [logGoldstein, Math.log(3)]),
  box(
    'camel',
    [
      [-3, 3],
      [-2, 2],
    ],
    [camel, -1.0316284534898774],
  ),
  box('shekel10', same(4, 0, 10), [shekel, -10.53644315348353]),
  shifted('ellipsoid6', 6, { bound: 5, f: (x) => total(x, (u, i) => 10 ** ((3 * i) / 5) * u * u) }),
  shifted('griewank6', 6, {
    bound: 50,
    f: (x) => 1 + total(x, (u) => u * u) / 4000 - x.reduce((p, u, i) => p * cos(u / sqrt(i + 1)), 1),
  }),
  shifted('rastrigin4', 4, { bound: 5, f: (x) => total(x, (u) => u * u - 10 * cos(2 * PI * u) + 10) }),
  shifted('zakharov5', 5, {
    bound: 8,
    f: (x) => {
      const s = total(x, (u, i) => 0.5 * (i + 1) * u);
      return total(x, (u) => u * u) + s ** 2 + s ** 4;
    },
  }),
  shifted('schwefel-ridge5', 5, {
    bound: 10,
    f: (x) => total(x, (u, i) => abs(u) + 0.1 * abs(u * (x[i - 1] ?? 0))),
  }),
  shifted('sphere-noise4', 4, { bound: 5, f: (x) => total(x, (u) => u * u) }),
  networkTask(),
].map((task) => (task.name === 'sphere-noise4' ? { ...task, noise: 2 } : task));

/** The loss of an imagined network: a valley along learning rate and width, a choice of activation, useless extras. */
function networkTask(): RegretTask {
  const space = searchSpace({
    lr: logUniform(1e-5, 1),
    momentum: uniform(0, 0.99),
    width: integer(8, 512),
    layers: integer(1, 6),
    act: categorical('relu', 'tanh', 'gelu', 'sigmoid'),
    dropout: uniform(0, 0.9),
  }) as unknown as ParameterSpace;
  const cost: Readonly<Record<string, number>> = { relu: 0.02, tanh: 0.06, gelu: 0, sigmoid: 0.15 };
  return {
    name: 'network',
    space,
    minimum: 0,
    noise: 0,
    f: ({ lr, momentum, width, layers, act, dropout }) => {
      const rate = Math.log10(Number(lr)) - Math.log10(1 - Number(momentum));
      const size = Math.log2(Number(width)) - 7;
      const gap = rate + 2 + 0.2 * size;
      const valley = 1 - exp(-0.5 * gap * gap) + (gap > 1.5 ? 1 : 0);
      return (
        valley +
        cost[String(act)]! +
        0.02 * size * size +
        0.03 * (Number(layers) - 4) ** 2 +
        0.3 * (Number(dropout) - 0.2) ** 2
      );
    },
  };
}
