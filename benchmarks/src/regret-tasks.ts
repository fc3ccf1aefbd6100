/**
 * Test problems for best-so-far curves: the ten of the recorded peers and further ones that nothing was tuned on.
 *
 * Classic functions are those of the package `testing`; Hansen et al. 2009 for shifts.
 */
import { type Params, seeded } from '@foothold/core';
import { categorical, integer, logUniform, type ParameterSpace, searchSpace, uniform } from '@foothold/space';
import { testFunctions } from '@foothold/testing/test-functions';

export interface RegretTask {
  readonly name: string;
  readonly space: ParameterSpace;
  readonly f: (params: Params) => number;
  readonly minimum: number;
  /** Standard deviation of the noise in observed values. */
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
  ) as ParameterSpace;
  return { name, space, minimum, noise, f: (params) => f(bounds.map((_, i) => Number(params[`x${i}`]))) };
}

const same = (d: number, low: number, high: number) => Array.from({ length: d }, () => [low, high] as const);
const total = (x: Vector, term: (u: number, i: number) => number) =>
  x.reduce((sum, u, i) => sum + term(u, i), 0);
const { sin, exp, abs } = Math;

function mixedTask(): RegretTask {
  const space = searchSpace({
    c1: categorical('a', 'b', 'c'),
    c2: categorical('u', 'v', 'w', 'x'),
    i1: integer(1, 8),
    i2: integer(0, 20),
    lr: logUniform(1e-5, 1),
    wd: logUniform(1e-6, 1e-1),
  }) as ParameterSpace;
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

function known(of: string) {
  return testFunctions.find(({ name }) => name === of)!;
}

/** A function of the package `testing` in its own box, with a minimum that its tests know. */
function classic(name: string, of: string, noise = 0): RegretTask {
  const { low, high, minimum, evaluate } = known(of);
  const bounds = Array.from(low, (l, i) => [l, high[i]!] as const);
  return box(name, bounds, [evaluate, minimum, noise]);
}

/** The tasks of the recorded peers, by the same names. */
export const peerTasks: readonly RegretTask[] = [
  classic('branin', 'branin'),
  classic('hartmann3', 'hartmann3'),
  classic('hartmann6', 'hartmann6'),
  classic('ackley5s', 'ackley5 shifted'),
  classic('rosenbrock4', 'rosenbrock4'),
  classic('levy8', 'levy8'),
  classic('michalewicz5', 'michalewicz5'),
  classic('styblinski6', 'styblinski-tang6'),
  mixedTask(),
  classic('branin_noise1', 'branin', 1),
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

/** Further tasks, held out: shifted ellipsoids, ridges and waves, a needle, and a tuned-network-like mixed space. */
export const otherTasks: readonly RegretTask[] = [
  box('goldstein-log', same(2, 0, 1), [
    (x) => Math.log(known('goldstein-price').evaluate(x.map((u) => 4 * u - 2))),
    Math.log(3),
  ]),
  classic('camel', 'six-hump camel'),
  classic('shekel10', 'shekel10'),
  shifted('ellipsoid6', 6, { bound: 5, f: (x) => total(x, (u, i) => 10 ** ((3 * i) / 5) * u * u) }),
  shifted('griewank6', 6, { bound: 50, f: known('griewank5').evaluate }),
  shifted('rastrigin4', 4, { bound: 5, f: known('rastrigin4').evaluate }),
  shifted('zakharov5', 5, { bound: 8, f: known('zakharov5').evaluate }),
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
  }) as ParameterSpace;
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
