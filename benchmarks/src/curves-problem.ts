/** Trainings on LCBench's surrogate that may pause, their cost in epochs, and the regret of what they found. */
import type { Params } from '@foothold/core';
import { type LcbenchCurves, lcbenchReference, smallLargeTasks } from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';

export const epochs = 52;
export const fullTrainings = 20;
export const budget = fullTrainings * epochs;
/** After each tenth of the budget. */
export const marks = Array.from({ length: 10 }, (_, k) => ((k + 1) * budget) / 10);

const allEpochs = Array.from({ length: epochs }, (_, i) => i + 1);

/** How the curves look before their end, which is the same in all cases. */
export const curveCases = ['true', 'crossing', 'negated', 'another task'] as const;
export type CurveCase = (typeof curveCases)[number];

export interface CurveProblem {
  readonly task: string;
  readonly seed: number;
  /** Error of a configuration after each epoch. */
  readonly curveOf: (params: Params) => Promise<readonly number[]>;
}

/**
 * The curves of one task. `crossing`: mirrored at the median error at first and true at the end, so that every two curves
 * cross at half of the training. `negated`: −error but at the end. `another task`: that one's curve but at the end.
 */
export function curveProblem(
  curves: LcbenchCurves,
  { task, seed, kind }: { readonly task: string; readonly seed: number; readonly kind: CurveCase },
): CurveProblem {
  const { median } = lcbenchReference()[task]!;
  const other = smallLargeTasks[(smallLargeTasks.indexOf(task as never) + 1) % smallLargeTasks.length]!;
  const shown = (error: number, i: number) => {
    if (kind === 'negated' && i < epochs - 1) return -error;
    const share = i / (epochs - 1);
    return kind === 'crossing' ? share * error + (1 - share) * (2 * median - error) : error;
  };
  return {
    task,
    seed,
    async curveOf(params) {
      const curve = await curves(task, allEpochs, params);
      const before = kind === 'another task' ? await curves(other, allEpochs, params) : curve;
      return curve.map((error, i) => shown(i < epochs - 1 ? before[i]! : error, i));
    },
  };
}

/** One piece of training. */
interface Piece {
  readonly spent: number;
  readonly key: string;
  readonly epoch: number;
  readonly value: number;
  /** Error at the end of the training, reached or not. */
  readonly end: number;
}

/** What a method may do: train a configuration further. It is told what the epochs say, and stops when all is spent. */
export interface Trainer {
  /** Epochs that are left. */
  remaining(): number;
  /** Errors after the epochs from + 1 … to, as many as the budget allows. */
  train(params: Params, from: number, to: number): Promise<readonly number[]>;
  readonly pieces: readonly Piece[];
}

export function trainer({ curveOf }: CurveProblem): Trainer {
  const pieces: Piece[] = [];
  const known = new Map<string, Promise<readonly number[]>>();
  let spent = 0;
  return {
    pieces,
    remaining: () => budget - spent,
    async train(params, from, to) {
      const key = JSON.stringify(params);
      const curve = await (known.get(key) ?? known.set(key, curveOf(params)).get(key)!);
      const end = Math.min(to, from + budget - spent);
      const values = curve.slice(from, end);
      for (const [i, value] of values.entries())
        pieces.push({ spent: ++spent, key, epoch: from + i + 1, value, end: curve[epochs - 1]! });
      return values;
    },
  };
}

/**
 * Regret at each mark, 0 the best that is known and 1 the median setting: of the best that was trained to its end. Before the
 * first of these, of the setting with the least error so far, as if it was trained to its end.
 */
export function regretAtMarks(task: string, pieces: readonly Piece[]): number[] {
  const { best, best_local = bestOfOthers[task] ?? best, median } = lcbenchReference()[task]!;
  return marks.map((mark) => {
    const seen = pieces.filter(({ spent }) => spent <= mark + 1e-9);
    const ended = seen.filter(({ epoch }) => epoch === epochs);
    const top = (ended.length > 0 ? ended : seen).reduce((a, b) => (b.value < a.value ? b : a));
    return (top.end - best_local) / (median - best_local);
  });
}
