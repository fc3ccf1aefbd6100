/**
 * Fleets of simulated workers on the real server and study, in virtual time, JSON lines. `million`: 1,000,000 trials by 10,000 workers that
 * fail, are slow, are taken away and stand still, with random points, and what the server needs for them. `policies`: the regret by time of
 * batches, of asynchronous asks and of prepared suggestions, on the same functions, durations and seeds. `samplers`: what a suggestion costs by
 * the number of trials. Words choose parts.
 */
import { type BenchOptions, refuseOtherWords } from './bench-options.ts';
import { type FleetBehaviour, lognormal } from './fleet-behaviour.ts';
import { policies } from './fleet-policies.ts';
import { fleetRun } from './fleet-run.ts';
import { samplerTimes } from './fleet-samplers.ts';
import { objective, space } from './studies-problem.ts';

const parts = ['million', 'policies', 'samplers'] as const;

/** Evaluations of half a minute; machines as those that are sold for less and may be taken away. */
export const behaviour: FleetBehaviour = {
  duration: lognormal(30_000, 0.8),
  failureShare: 0.03,
  stragglers: { share: 0.01, factor: 10 },
  preemption: { everyMs: 3_600_000, backMs: 60_000, pausedShare: 0.2, pausedMs: 300_000 },
};

export async function fleet(options: BenchOptions): Promise<void> {
  const { emit, words } = options;
  refuseOtherWords(words, parts);
  const summary: Record<string, unknown> = {};
  if (words.length === 0 || words.includes('million')) summary['million'] = await million(options);
  if (words.length === 0 || words.includes('policies')) summary['policies'] = await policies(options);
  if (words.length === 0 || words.includes('samplers')) summary['samplers'] = await samplerTimes(options);
  emit({ bench: 'fleet', summary });
}

/** Trials of a run with `--quick`, and of one without; workers are a hundredth. */
const sizes = { quick: 5000, full: 1_000_000 };

async function million({ quick, emit }: BenchOptions): Promise<Readonly<Record<string, unknown>>> {
  const trials = quick ? sizes.quick : sizes.full;
  const workers = trials / 100;
  const before = process.cpuUsage();
  const began = performance.now();
  const used = () => {
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6, wallSeconds: (performance.now() - began) / 1000 };
  };
  const call = (ended: number) => {
    emit({ bench: 'fleet', part: 'progress', ended, ...used(), rssMb: process.memoryUsage.rss() / 1e6 });
  };
  const { result, server, check, log } = await fleetRun({
    ...{ workers, trials, seed: 1, space, sampler: 'random', objective, behaviour, leaseMs: 180_000 },
    progress: { every: trials / 10, call },
  });
  const { acknowledged, best, ...of } = result;
  const row = {
    ...{ trials, workers, ...used(), rssMb: process.memoryUsage.rss() / 1e6 },
    ...{ events: log.events(), bytesPerTrial: log.bytes() / trials },
    serverCpuMsPerTrial: server.cpuMs / trials,
    serverBusyShare: server.busyMs / of.endMs,
    eventsPerCpuSecond: log.events() / (server.cpuMs / 1000),
    ...{ ...of, server, check, acknowledged: acknowledged.size },
  };
  emit({ bench: 'fleet', part: 'million', ...row });
  return row;
}
