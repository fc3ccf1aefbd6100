/** Tables of tasks × settings for the transfer benchmark: each task's values are to be maximized. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Matrix, matrixOf, type Params, seeded } from '@foothold/core';
import { dataFolder, lcbench, lcbenchReference, lcbenchSpace } from './lcbench.ts';

/** Settings in the unit cube, and a row of values a task. */
export interface Table {
  readonly name: string;
  readonly x: Matrix;
  readonly names: readonly string[];
  readonly y: readonly Float64Array[];
}

const made: Readonly<Record<string, () => Table | Promise<Table>>> = {
  /** SVM accuracy, 50 datasets × 288 settings (Wistuba et al. 2016). */
  'hpo-svm': () => svmTable('hpo-svm', () => true),
  /** Its 168 settings with a radial kernel, and its 108 with a polynomial one. */
  'svm-radial': () => svmTable('svm-radial', (setting) => setting[0] === 1),
  'svm-polynomial': () => svmTable('svm-polynomial', (setting) => setting[1] === 1),
  /** Accuracy of a network on 34 tasks × 300 random settings, by the LCBench surrogate. */
  'lcbench-52': () => lcbenchTable('lcbench-52', 52),
  'lcbench-12': () => lcbenchTable('lcbench-12', 12),
  /** Forty Hartmann functions of six columns, shifted, scaled and re-weighted, a fifth of them negated. */
  hartmann: () => hartmannTable(40, 300),
};
export const tableNames = Object.keys(made);

export async function tableNamed(name: string): Promise<Table> {
  return made[name]!();
}

function svmTable(name: string, keep: (setting: readonly number[]) => boolean): Table {
  const folder = join(dataFolder, 'hpo-svm');
  if (!existsSync(folder)) throw new Error(`hpo-svm is not at ${folder}`);
  const names = readdirSync(folder).sort();
  const tasks = names.map((task) =>
    readFileSync(join(folder, task), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .filter((row) => keep(row.slice(1, 7))),
  );
  const settings = tasks[0]!.map((row) => row.slice(1, 7));
  const low = settings[0]!.map((_, j) => Math.min(...settings.map((s) => s[j]!)));
  const high = settings[0]!.map((_, j) => Math.max(...settings.map((s) => s[j]!)));
  return {
    name,
    x: matrixOf(settings.map((s) => s.map((v, j) => (v - low[j]!) / (high[j]! - low[j]! || 1)))),
    names,
    y: tasks.map((task) => Float64Array.from(task, (row) => row[0]!)),
  };
}

async function lcbenchTable(name: string, epoch: number): Promise<Table> {
  const space = lcbenchSpace();
  const error = await lcbench();
  const rng = seeded('lcbench settings');
  const settings: Params[] = Array.from({ length: 300 }, (_, i) => {
    const own = rng.fork(i);
    return space.decode(Float64Array.from(space.columns, () => own.next())) as Params;
  });
  const names = Object.keys(lcbenchReference());
  const y: Float64Array[] = [];
  for (const task of names) {
    const values = new Float64Array(settings.length);
    for (const [i, params] of settings.entries()) values[i] = 1 - (await error(task, epoch, params));
    y.push(values);
  }
  return { name, x: matrixOf(settings.map((params) => space.encode(params as never))), names, y };
}

const weights = [1, 1.2, 3, 3.2];
const rates = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const centres = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** Hartmann6 (Dixon and Szegö 1978) moved by up to 0.1 a column, its four bumps re-weighted, on its own scale and level. */
function hartmannTable(count: number, rows: number): Table {
  const rng = seeded('hartmann family');
  const points = rng.fork('points');
  const x = matrixOf(
    Array.from({ length: rows }, () => Float64Array.from({ length: 6 }, () => points.next())),
  );
  const y = Array.from({ length: count }, (_, task) => {
    const own = rng.fork(`task ${task}`);
    const shift = Array.from({ length: 6 }, () => 0.2 * own.next() - 0.1);
    const parts = weights.map((w) => w * Math.exp(own.next() - 0.5));
    const scale = Math.exp(4 * own.next() - 2) * (task % 5 === 4 ? -1 : 1);
    const level = 20 * own.next() - 10;
    return Float64Array.from({ length: rows }, (_, i) => {
      let sum = 0;
      for (const [k, part] of parts.entries()) {
        let square = 0;
        for (let j = 0; j < 6; j++)
          square += rates[k]![j]! * (x.data[6 * i + j]! + shift[j]! - centres[k]![j]!) ** 2;
        sum += part * Math.exp(-square);
      }
      return level + scale * sum;
    });
  });
  return { name: 'hartmann', x, names: y.map((_, k) => `task ${k}`), y };
}
