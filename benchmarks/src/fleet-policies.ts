/** Regret by time of the same fleet where suggestions are made in batches, when they are asked for, or ahead in a thread. */
import { wasm } from '@foothold/linalg';
import { samplerNamed } from '@foothold/protocol';
import type { BenchOptions } from './bench-options.ts';
import { type FleetBehaviour, lognormal } from './fleet-behaviour.ts';
import { fleetRun } from './fleet-run.ts';
import { median } from './median.ts';
import { otherTasks, peerTasks, type RegretTask } from './regret-tasks.ts';

const policyNames = ['batch', 'asynchronous', 'prepared', 'random'] as const;
type Policy = (typeof policyNames)[number];

/** Median milliseconds of an evaluation: of the length of a suggestion or two, and far longer. */
const medians = { short: 100, long: 30_000 };

const workers = 16;
const taskNames = ['hartmann6', 'griewank6'];

/** One run of one policy. */
interface PolicyRun {
  readonly policy: Policy;
  readonly endMs: number;
  readonly busyShare: number;
  readonly best: readonly (readonly [ms: number, value: number])[];
}

export async function policies({
  quick,
  seeds = quick ? 1 : 3,
  emit,
}: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  const trials = quick ? 48 : 112;
  const tasks = [...peerTasks, ...otherTasks].filter(({ name }) => taskNames.includes(name));
  const summary: Record<string, Record<string, ReturnType<typeof summaryOf>>> = {};
  for (const [durations, ms] of Object.entries(medians))
    for (const task of quick ? tasks.slice(0, 1) : tasks) {
      const rows: (readonly ComparedRun[])[] = [];
      for (let seed = 1; seed <= seeds; seed++) {
        const behaviour: FleetBehaviour = { duration: lognormal(ms, 0.8) };
        const runs: PolicyRun[] = [];
        for (const policy of policyNames)
          runs.push(await policyRun(policy, task, { seed, trials, behaviour }));
        const of = compared(runs, task);
        rows.push(of);
        emit({
          bench: 'fleet',
          part: 'policies',
          durations,
          task: task.name,
          seed,
          trials,
          workers,
          runs: of,
        });
      }
      summary[durations] = { ...summary[durations], [task.name]: summaryOf(rows) };
    }
  return summary;
}

async function policyRun(
  policy: Policy,
  { space, f }: RegretTask,
  of: { readonly seed: number; readonly trials: number; readonly behaviour: FleetBehaviour },
): Promise<PolicyRun> {
  const prepared =
    policy === 'prepared' ? await samplerNamed('gp', { sources: [], linalg: wasm }) : undefined;
  const { result, check } = await fleetRun({
    ...{ ...of, space, workers, prepared, objective: f, leaseMs: 3_600_000 },
    sampler: policy === 'random' ? 'random' : 'gp',
    isInBatches: policy === 'batch',
  });
  if (check.faults.length > 0) throw new Error(`${policy}: ${check.faults.join(', ')}`);
  const { endMs, busyShare, best } = result;
  return { policy, endMs, busyShare, best };
}

/** A run beside the batches of the same task and seed. */
export interface ComparedRun {
  readonly policy: Policy;
  readonly busyShare: number;
  readonly endMs: number;
  /** Regret when the first of all policies has its last trial. */
  readonly regretAtEnd: number;
  /** Whether that is less than the batches have then. */
  readonly isBetterThanBatch: boolean;
}

function compared(runs: readonly PolicyRun[], { minimum }: RegretTask): readonly ComparedRun[] {
  const end = Math.min(...runs.map(({ endMs }) => endMs));
  const valueAt = ({ best }: PolicyRun) =>
    best.findLast(([ms]) => ms <= end)?.[1] ?? Number.POSITIVE_INFINITY;
  const ofBatch = valueAt(runs.find(({ policy }) => policy === 'batch')!);
  return runs.map((run) => {
    const { policy, busyShare, endMs } = run;
    const value = valueAt(run);
    return { policy, busyShare, endMs, regretAtEnd: value - minimum, isBetterThanBatch: value < ofBatch };
  });
}

/** Runs of one function and one kind of durations: of busy shares the mean, of the rest medians. */
export function summaryOf(
  rows: readonly (readonly ComparedRun[])[],
): Readonly<Record<Policy, Readonly<Record<string, number>>>> {
  const policy = (name: Policy) => rows.map((runs) => runs.find((run) => run.policy === name)!);
  const batches = policy('batch');
  const summary = policyNames.map((name) => {
    const of = policy(name);
    const row = {
      busyShare: of.reduce((sum, { busyShare }) => sum + busyShare, 0) / of.length,
      // Of the same seed: how many times later the batches end.
      batchEndRatio: median(of.map(({ endMs }, i) => batches[i]!.endMs / endMs)),
      regretAtEnd: median(of.map(({ regretAtEnd }) => regretAtEnd)),
      betterThanBatch: of.filter(({ isBetterThanBatch }) => isBetterThanBatch).length,
      runs: of.length,
    };
    return [name, row] as const;
  });
  return Object.fromEntries(summary) as Record<Policy, (typeof summary)[number][1]>;
}
