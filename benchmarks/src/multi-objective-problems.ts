/**
 * Problems of two objectives, both to be minimized, on the unit cube: ZDT1–3 (Zitzler, Deb, Thiele 2000), DTLZ2 (Deb et al. 2002, one
 * position variable), Branin with Currin (Belakaria, Deshwal, Doppa 2019), Kursawe (1991); for choices between variants Fonseca–Fleming (1995),
 * Poloni (Poloni et al. 2000), DTLZ7, two spheres, ZDT4 and 6, VLMOP2 (Van Veldhuizen, Lamont 1999), Schaffer (1985), Branin with log Goldstein–Price,
 * Hartmann-3 with Levy, and three whose fronts end on faces of the space.
 */
import { testFunctions } from '@foothold/testing/test-functions';

export interface TwoObjectives {
  readonly dimensions: number;
  /** Of the hypervolume. */
  readonly reference: readonly [number, number];
  readonly evaluate: (x: readonly number[]) => readonly [number, number];
}

/** A function of one value, with its range as the unit cube. */
function onCube(name: string): (u: readonly number[]) => number {
  const { low, high, evaluate } = testFunctions.find((f) => f.name === name)!;
  return (u) => evaluate(u.map((v, j) => low[j]! + v * (high[j]! - low[j]!)));
}
const branin = onCube('branin');
const goldsteinPrice = onCube('goldstein-price');
const hartmann3 = onCube('hartmann3');
const levy = onCube('levy8');

const sum = (x: readonly number[]) => x.reduce((a, b) => a + b, 0);
const zdtG = (x: readonly number[]) => 1 + (9 * sum(x.slice(1))) / (x.length - 1);

const zdt = (h: (f: number, g: number) => number, dimensions = 6): TwoObjectives => ({
  dimensions,
  reference: [1.1, 6],
  evaluate(x) {
    const g = zdtG(x);
    return [x[0]!, g * h(x[0]!, g)];
  },
});

const zdt1 = (f: number, g: number) => 1 - Math.sqrt(f / g);
const zdt2 = (f: number, g: number) => 1 - (f / g) ** 2;
const zdt3 = (f: number, g: number) => zdt1(f, g) - (f / g) * Math.sin(10 * Math.PI * f);

const dtlz2 = (dimensions: number, reference: number): TwoObjectives => ({
  dimensions,
  reference: [reference, reference],
  evaluate(x) {
    const g = sum(x.slice(1).map((v) => (v - 0.5) ** 2));
    const angle = (x[0]! * Math.PI) / 2;
    return [(1 + g) * Math.cos(angle), (1 + g) * Math.sin(angle)];
  },
});

/** What `pnpm bench multi-objective` reports. */
export const reported: Readonly<Record<string, TwoObjectives>> = {
  zdt1: zdt(zdt1),
  zdt2: zdt(zdt2),
  zdt3: zdt(zdt3),
  dtlz2: dtlz2(6, 1.6),
  'branin-currin': { dimensions: 2, reference: [18, 6], evaluate: (x) => [branin(x), currin(x)] },
  kursawe: {
    dimensions: 3,
    reference: [-10, 2],
    evaluate(u) {
      const x = u.map((v) => 10 * v - 5);
      const first = x.slice(1).map((v, i) => -10 * Math.exp(-0.2 * Math.hypot(x[i]!, v)));
      return [sum(first), sum(x.map((v) => Math.abs(v) ** 0.8 + 5 * Math.sin(v ** 3)))];
    },
  },
};

/** Many columns, which `pnpm bench multi-objective wide` takes. */
export const wide: Readonly<Record<string, TwoObjectives>> = {
  'zdt1-30': zdt(zdt1, 30),
  'zdt2-30': zdt(zdt2, 30),
  'zdt3-30': zdt(zdt3, 30),
  'dtlz2-30': dtlz2(30, 2.5),
};

/** What variants were compared on: none of them is reported. Their reference points are those of the best fronts found. */
export const held: Readonly<Record<string, TwoObjectives>> = {
  fonseca: {
    dimensions: 3,
    reference: [1.05, 1.05],
    evaluate(u) {
      const x = u.map((v) => 8 * v - 4);
      const gap = (sign: number) => 1 - Math.exp(-sum(x.map((v) => (v + sign / Math.sqrt(x.length)) ** 2)));
      return [gap(-1), gap(1)];
    },
  },
  poloni: {
    dimensions: 2,
    reference: [20, 28],
    evaluate(u) {
      const [a, b] = [2 * Math.PI * (u[0]! - 0.5), 2 * Math.PI * (u[1]! - 0.5)];
      const first = (s: number, t: number) =>
        0.5 * Math.sin(s) - 2 * Math.cos(s) + Math.sin(t) - 1.5 * Math.cos(t);
      const second = (s: number, t: number) =>
        1.5 * Math.sin(s) - Math.cos(s) + 2 * Math.sin(t) - 0.5 * Math.cos(t);
      const gaps = (first(1, 2) - first(a, b)) ** 2 + (second(1, 2) - second(a, b)) ** 2;
      return [1 + gaps, (a + 3) ** 2 + (b + 1) ** 2];
    },
  },
  dtlz7: {
    dimensions: 4,
    reference: [1, 6],
    evaluate(x) {
      const g = zdtG(x);
      const share = x[0]! / (1 + g);
      return [x[0]!, (1 + g) * (2 - share * (1 + Math.sin(3 * Math.PI * x[0]!)))];
    },
  },
  'two-spheres': {
    dimensions: 6,
    reference: [1, 1],
    evaluate: (x) => [
      sum(x.map((v) => (v - 0.3) ** 2)),
      sum(x.map((v, i) => (v - (i < 3 ? 0.9 : 0.5)) ** 2)),
    ],
  },
  zdt6: {
    dimensions: 4,
    reference: [1, 9],
    evaluate(x) {
      const f = 1 - Math.exp(-4 * x[0]!) * Math.sin(6 * Math.PI * x[0]!) ** 6;
      const g = 1 + 9 * (sum(x.slice(1)) / (x.length - 1)) ** 0.25;
      return [f, g * (1 - (f / g) ** 2)];
    },
  },
  // The distance from the front of DTLZ1 without its cosines, which no sampler gets past in 60 trials.
  'smooth-dtlz1': {
    dimensions: 6,
    reference: [1, 1],
    evaluate(x) {
      const g = 4 * sum(x.slice(1).map((v) => (v - 0.4) ** 2));
      return [0.5 * x[0]! * (1 + g), 0.5 * (1 - x[0]!) * (1 + g)];
    },
  },
  'convex-dtlz2': {
    dimensions: 5,
    reference: [1.2, 1.2],
    evaluate(x) {
      const g = sum(x.slice(1).map((v) => (v - 0.6) ** 2));
      const angle = (x[0]! * Math.PI) / 2;
      return [((1 + g) * Math.cos(angle)) ** 4, ((1 + g) * Math.sin(angle)) ** 2];
    },
  },
  ellipse: {
    dimensions: 4,
    reference: [4, 1.3],
    evaluate(x) {
      const radius = 1 + Math.abs(x[1]! - 0.3) + 0.5 * (x[2]! - 0.7 * x[3]!) ** 2;
      const angle = (x[0]! * Math.PI) / 2;
      return [3 * radius * Math.cos(angle), radius * Math.sin(angle)];
    },
  },
  vlmop2: {
    dimensions: 2,
    reference: [1.1, 1.1],
    evaluate(u) {
      const x = u.map((v) => 4 * v - 2);
      const gap = (sign: number) => 1 - Math.exp(-sum(x.map((v) => (v + sign / Math.sqrt(2)) ** 2)));
      return [gap(-1), gap(1)];
    },
  },
  schaffer: {
    dimensions: 1,
    reference: [4, 4],
    evaluate: ([u = 0]) => [(20 * u - 10) ** 2, (20 * u - 12) ** 2],
  },
  zdt4: {
    dimensions: 3,
    reference: [1.1, 40],
    evaluate([f = 0, ...rest]) {
      const x = rest.map((v) => 10 * v - 5);
      const g = 1 + 10 * x.length + sum(x.map((v) => v ** 2 - 10 * Math.cos(4 * Math.PI * v)));
      return [f, g * (1 - Math.sqrt(f / g))];
    },
  },
  'branin-goldstein': {
    dimensions: 2,
    reference: [60, 10],
    evaluate: (x) => [branin(x), Math.log(goldsteinPrice(x))],
  },
  'hartmann-levy': {
    dimensions: 3,
    reference: [0, 20],
    evaluate: (x) => [hartmann3(x), levy(x)],
  },
};

/** Currin et al. 1988, on the unit square. */
function currin([a = 0, b = 0]: readonly number[]): number {
  const factor = b > 0 ? 1 - Math.exp(-1 / (2 * b)) : 1;
  return (
    (factor * (2300 * a ** 3 + 1900 * a ** 2 + 2092 * a + 60)) / (100 * a ** 3 + 500 * a ** 2 + 4 * a + 20)
  );
}
