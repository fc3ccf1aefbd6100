/** Minimization problems whose values are penalties on a part of the space; nothing was tuned on them. */
import { type Params, type Rng, seeded } from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { categorical, integer, logUniform, type ParameterSpace, searchSpace, uniform } from '@foothold/space';
import { testFunctions } from '@foothold/testing/test-functions';

export interface OutlierTask {
  readonly name: string;
  readonly space: ParameterSpace;
  readonly minimum: number;
  /** The value, to be minimized, and the penalty that is told in its place. */
  readonly f: (params: Params) => number;
  readonly penalty: (
    params: Params,
    context: { readonly value: number; readonly rng: Rng },
  ) => number | undefined;
  /** The values are told with the sign turned, to be maximized. */
  readonly maximize?: boolean;
}

type Vector = readonly number[];
type Penalty = (u: Vector, context: { readonly value: number; readonly rng: Rng }) => number | undefined;

/** A function of the unit cube's points, in d columns. */
function cube(
  name: string,
  [d, f, minimum]: readonly [number, (u: Vector) => number, number],
  penalty: Penalty,
): OutlierTask {
  const space = searchSpace(
    Object.fromEntries(Array.from({ length: d }, (_, i) => [`x${i}`, uniform(0, 1)])),
  ) as ParameterSpace;
  const point = (params: Params) => Array.from({ length: d }, (_, i) => Number(params[`x${i}`]));
  return {
    name,
    space,
    minimum,
    f: (params) => f(point(params)),
    penalty: (params, context) => penalty(point(params), context),
  };
}

/** A function of the package `testing`, its box scaled to the unit cube. */
function classic(of: string): readonly [number, (u: Vector) => number, number] {
  const { low, high, minimum, evaluate } = testFunctions.find(({ name }) => name === of)!;
  return [low.length, (u) => evaluate(u.map((v, i) => low[i]! + v * (high[i]! - low[i]!))), minimum];
}

/** A quadratic bowl around a centre that the name draws. */
function bowl(name: string, d: number): readonly [number, (u: Vector) => number, number] {
  const rng = seeded(`bowl ${name}`);
  const centre = Array.from({ length: d }, () => 0.15 + 0.3 * rng.next());
  return [d, (u) => u.reduce((sum, v, i) => sum + (v - centre[i]!) ** 2, 0), 0];
}

const above =
  (edge: number, size: number, column = 0): Penalty =>
  (u) =>
    u[column]! > edge ? size : undefined;

/** Case F5 of the issue at one size of the penalty. */
const f5 = (size: number): OutlierTask =>
  cube(
    `F5 ${size.toExponential(0)}`,
    [2, ([x = 0, y = 0]) => (x - 0.3) ** 2 + (y - 0.7) ** 2, 0],
    above(0.6, size),
  );

function trainingTask(): OutlierTask {
  const space = searchSpace({
    lr: logUniform(1e-5, 1),
    width: integer(16, 256),
    act: categorical('relu', 'tanh', 'gelu'),
    dropout: uniform(0, 0.8),
  }) as ParameterSpace;
  const cost: Readonly<Record<string, number>> = { relu: 0.05, tanh: 0.1, gelu: 0 };
  return {
    name: 'training diverges',
    space,
    minimum: 0,
    f: ({ lr, width, act, dropout }) =>
      0.2 * (Math.log10(Number(lr)) + 2.6) ** 2 +
      0.1 * (Math.log2(Number(width)) - 6) ** 2 +
      cost[String(act)]! +
      (Number(dropout) - 0.25) ** 2,
    penalty: ({ lr, act }, { rng }) =>
      Math.log10(Number(lr)) > (act === 'tanh' ? -1 : -1.8) ? 10 ** (4 + 8 * rng.next()) : undefined,
  };
}

export const outlierTasks: readonly OutlierTask[] = [
  ...[1e3, 1e6, 1e10, 1e30, 1e300].map(f5),
  cube('camel, 20 %, 1e5', classic('six-hump camel'), (u) => (u[0]! + u[1]! > 1.37 ? 1e5 : undefined)),
  cube('bowl2, 60 %, 1e4', bowl('a', 2), above(0.4, 1e4, 1)),
  cube('bowl3, 50 %, proportional', bowl('b', 3), (u, { value }) =>
    u[2]! > 0.5 ? value + 1e5 * (u[2]! - 0.4) : undefined,
  ),
  cube('bowl4, 40 %, noisy', bowl('c', 4), (u, { rng }) =>
    u[1]! > 0.6 ? 1e4 * (2 + 0.3 * standardNormal(rng)) : undefined,
  ),
  cube('bowl5, several levels', bowl('d', 5), (u) =>
    u[4]! > 0.7 ? 1e12 : u[3]! > 0.7 ? (u[0]! > 0.5 ? 1e3 : 1e7) : undefined,
  ),
  cube('bowl6, corner of 10 %, 1e9', bowl('e', 6), (u) => (u[0]! > 0.68 && u[1]! > 0.68 ? 1e9 : undefined)),
  cube('bowl8, 30 %, 1e6', bowl('f', 8), above(0.7, 1e6, 5)),
  cube('bowl2 at 5000, 40 %, 1e6', shiftedBowl(), above(0.6, 1e6)),
  cube('shekel4, 35 %, 1e4', classic('shekel10'), above(0.65, 1e4, 2)),
  cube('ackley, ball, 1e8', classic('ackley5 shifted'), (u) =>
    u.reduce((sum, v) => sum + (v - 0.5) ** 2, 0) < 0.2 ? 1e8 : undefined,
  ),
  cube('hartmann6, 40 %, 1e5', classic('hartmann6'), above(0.6, 1e5, 1)),
  { ...cube('bowl3 maximized, 45 %, 1e20', bowl('g', 3), above(0.55, 1e20)), maximize: true },
  trainingTask(),
];

function shiftedBowl(): readonly [number, (u: Vector) => number, number] {
  const [d, f] = bowl('h', 2);
  return [d, (u) => 5000 + f(u), 5000];
}
