/**
 * What `npm start` shows, for many seeds: stock settings, random search, a cold start and small to large on digits.
 *
 * `pnpm bench first-run [--seeds N] [--quick] [from=SEED]`. Each row has the best share of misread digits by
 * search, on the digits that trainings are judged on and on new ones, and the large trainings that small to large needs
 * for the cold start's last value.
 */
import { budgets, compareSearches, digitTask, type Stage, usualTrials } from '@foothold/app-demo/tuning';
import { bestOf, trialsToReach, verdict } from '@foothold/app-demo/verdict';
import { wasm } from '@foothold/linalg';
import type { BenchOptions } from './bench-options.ts';

const compared = ['stock', 'random', 'cold', 'large'] as const satisfies readonly Stage[];

export async function firstRun({ quick, seeds = quick ? 1 : 10, words, emit }: BenchOptions): Promise<void> {
  const trials = quick ? 6 : usualTrials;
  const from = Number(words.find((word) => word.startsWith('from='))?.slice(5) ?? 0);
  const linalg = await wasm();
  const task = digitTask();
  const rows: Row[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const before = process.cpuUsage();
    const comparison = await compareSearches(task, { trials, seed, linalg });
    const { user, system } = process.cpuUsage(before);
    const figures = (of: (stage: (typeof compared)[number]) => number) =>
      Object.fromEntries(compared.map((stage) => [stage, of(stage)])) as Figures;
    const misread = figures((stage) => bestOf(comparison, stage).value);
    const newDigits = figures((stage) => task.newDigits(bestOf(comparison, stage).params));
    const reached = trialsToReach(comparison.large, bestOf(comparison, 'cold').value);
    const row: Row = {
      ...{ seed, misread, newDigits, reached: reached ?? null, gain: 1 - misread.large / misread.stock },
      coldGain: 1 - misread.cold / misread.stock,
      closed: (misread.stock - misread.random) / (misread.stock - misread.large),
      closedCold: (misread.stock - misread.random) / (misread.stock - misread.cold),
      cpuSeconds: (user + system) / 1e6,
    };
    rows.push(row);
    const values = (stage: Stage) => comparison[stage].map((t) => (t.state === 'complete' ? t.value : null));
    emit({
      bench: 'first-run',
      ...row,
      values: { random: values('random'), cold: values('cold'), large: values('large') },
      verdict: verdict(comparison, newDigits),
    });
  }
  const { large } = budgets(trials);
  const median = (of: (row: Row) => number) => middle(rows.map(of));
  const each = (key: 'misread' | 'newDigits') =>
    Object.fromEntries(compared.map((stage) => [stage, median((row) => row[key][stage])]));
  emit({
    bench: 'first-run',
    summary: {
      ...{ seeds, trials, largeTrials: large, misread: each('misread'), newDigits: each('newDigits') },
      gain: median((row) => row.gain),
      coldGain: median((row) => row.coldGain),
      newDigitsGain: median((row) => 1 - row.newDigits.large / row.newDigits.stock),
      closedByRandom: median((row) => row.closed),
      closedByRandomOfCold: median((row) => row.closedCold),
      /** Large trainings until the cold start's last value, as a share of its own; one more than given where not reached. */
      reachedShare: median((row) => (row.reached ?? large + 1) / trials),
      reachedSeeds: rows.filter((row) => row.reached !== null).length,
      orderedSeeds: rows.filter(
        ({ misread: m }) => m.large < m.random && m.cold < m.random && m.cold < m.stock,
      ).length,
      cpuSeconds: median((row) => row.cpuSeconds),
    },
  });
}

type Figures = Readonly<Record<(typeof compared)[number], number>>;
interface Row {
  readonly seed: number;
  readonly misread: Figures;
  readonly newDigits: Figures;
  readonly reached: number | null;
  readonly gain: number;
  readonly coldGain: number;
  readonly closed: number;
  readonly closedCold: number;
  readonly cpuSeconds: number;
}

function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}
