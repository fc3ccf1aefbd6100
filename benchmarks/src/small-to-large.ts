/**
 * A small stage (epoch 5) that speeds up a large one (epoch 52) on LCBench, 6 tasks × 3 seeds, as in the shared figures.
 *
 * `pnpm bench small-to-large [--seeds N] [given] [own] [cold] [misleading] [others]`: `others` runs the 29 other tasks of
 * the surrogate, to choose on; their `given` is the settings of the recorded histories, evaluated there. There are three lists of
 * settings, one for each seed: `pnpm bench few-sources` draws new ones for each task and seed.
 */
import { wasm } from '@foothold/linalg';
import type { BenchOptions } from './bench-options.ts';
import { type LcbenchError, lcbench, lcbenchReference, smallHistories, smallLargeTasks } from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';
import { type Evaluation, lcbenchStage } from './lcbench-stage.ts';

const shownAfter = [1, 2, 3, 5, 7, 10] as const;
const smallEpoch = 5;
const largeEpoch = 52;
const smallTrials = 21;
const largeTrials = 10;

/** Recorded means after `shownAfter` evaluations; null where the source gives none. */
const references: Readonly<Record<string, readonly (readonly [string, readonly (number | null)[]])[]>> = {
  given: [
    ['small best, then random', [0.559, 0.488, 0.485, 0.468, 0.45, 0.358]],
    ['scaleup-optimizer 1.0.6', [0.559, 0.343, 0.282, 0.242, 0.233, 0.222]],
    ['RGPE', [0.559, 0.426, 0.393, 0.363, 0.304, 0.257]],
    ['BoTorch MultiTaskGP', [0.559, 0.43, 0.319, 0.251, 0.239, 0.213]],
  ],
  own: [['BoTorch MultiTaskGP, small stage by BoTorch too', [0.236, 0.217, 0.213, 0.175, 0.161, 0.145]]],
  cold: [['BO from scratch', [0.811, 0.487, 0.436, 0.288, 0.262, 0.231]]],
  misleading: [
    ['scaleup-optimizer 1.0.6', [1.44, 0.328, null, null, null, 0.288]],
    ['BoTorch MultiTaskGP', [1.44, 0.446, null, null, null, 0.183]],
    ['from scratch', [0.73, 0.389, null, null, null, 0.214]],
  ],
};

/** The surrogate, the backend and the tasks of one run of the benchmark. */
interface Bench {
  readonly error: LcbenchError;
  readonly linalg: Awaited<ReturnType<typeof wasm>>;
  readonly tasks: readonly string[];
  readonly reference: ReturnType<typeof lcbenchReference>;
}
/** One large stage of the benchmark: where its small stage comes from, and what it runs on. */
interface Case {
  readonly kind: string;
  readonly task: string;
  readonly seed: number;
}

export async function smallToLarge({ quick, words, emit, seeds }: BenchOptions): Promise<void> {
  const others = words.includes('others');
  const all: readonly string[] = others ? Object.keys(bestOfOthers) : smallLargeTasks;
  const bench: Bench = {
    error: await lcbench(),
    linalg: await wasm(),
    tasks: quick ? all.slice(0, 2) : all,
    reference: lcbenchReference(),
  };
  const named = words.filter((word) => word !== 'others');
  const summary: Record<string, unknown> = {};
  for (const kind of named.length > 0 ? named : ['given', 'own', 'cold', 'misleading']) {
    const curves: (readonly number[])[] = [];
    for (const task of bench.tasks)
      for (let seed = 0; seed < (seeds ?? (quick ? 1 : 3)); seed++) {
        const started = performance.now();
        const curve = await regretCurve(bench, { kind, task, seed });
        curves.push(curve);
        emit({
          bench: 'small-to-large',
          ...{ kind, task, seed },
          regret: at(curve),
          curve: curve.map((r) => Math.round(1e4 * r) / 1e4),
          milliseconds: Math.round(performance.now() - started),
        });
      }
    const mean = curves[0]!.map((_, k) => curves.reduce((sum, c) => sum + c[k]! / curves.length, 0));
    summary[kind] = { after: shownAfter, regret: at(mean) };
    const row = { bench: 'small-to-large', kind };
    emit({ ...row, method: 'autoSampler', after: shownAfter, regret: at(mean) });
    for (const [method, regret] of others ? [] : (references[kind] ?? []))
      emit({ ...row, method, recorded: true, after: shownAfter, regret });
  }
  emit({ bench: 'small-to-large', summary });
}

/** Regret of the large stage after each evaluation: 0 is the best that is known, 1 the median. */
async function regretCurve(bench: Bench, one: Case): Promise<readonly number[]> {
  const { task, seed } = one;
  const source = await smallStage(bench, one);
  const large = await lcbenchStage(bench.error, {
    ...{ linalg: bench.linalg, task, seed, source },
    epoch: largeEpoch,
    trials: largeTrials,
  });
  const { best, best_local = bestOfOthers[task] ?? best, median } = bench.reference[task]!;
  let least = Infinity;
  return large.map(({ value }) => {
    least = Math.min(least, value);
    return (least - best_local) / (median - best_local);
  });
}

/** Trials to start from: recorded, of one's own, of the large stage of another task, or none (cold). */
async function smallStage(
  bench: Bench,
  { kind, task, seed }: Case,
): Promise<readonly Evaluation[] | undefined> {
  const { error, linalg, tasks } = bench;
  if (kind === 'given') return givenHistory(bench, { task, seed });
  if (kind === 'own')
    return lcbenchStage(error, { linalg, task, seed, epoch: smallEpoch, trials: smallTrials });
  if (kind !== 'misleading') return undefined;
  const other = tasks[(tasks.indexOf(task) + 1) % tasks.length]!;
  return lcbenchStage(error, {
    linalg,
    task: other,
    seed: 100 + seed,
    epoch: largeEpoch,
    trials: smallTrials,
  });
}

/** The recorded history, or another task's settings evaluated on this one. */
async function givenHistory(
  { error, tasks }: Bench,
  { task, seed }: { readonly task: string; readonly seed: number },
): Promise<readonly Evaluation[]> {
  const given = smallHistories().filter((h) => h.seed === seed % 3);
  const own = given.find((h) => h.task === task);
  if (own) return own.trials;
  const { trials } = given[tasks.indexOf(task) % smallLargeTasks.length]!;
  return Promise.all(
    trials.map(async ({ params }) => ({ params, value: await error(task, smallEpoch, params) })),
  );
}

function at(curve: readonly number[]): number[] {
  return shownAfter.map((k) => Math.round(1000 * curve[k - 1]!) / 1000);
}
