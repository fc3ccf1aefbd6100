/**
 * Studies in each storage: the time of an ask and its tell by the number of trials, beside Optuna's storages in the same
 * run; the time and memory of opening a long study; several processes on one study; processes and a server that are killed at
 * work; damaged copies of a log.
 * Words choose parts (`latency`, `opening`, `processes`, `kills`, `restarts`, `damage`) and storages: `pnpm bench studies opening file`. Optuna is run by
 * `--python`, FOOTHOLD_PYTHON or `python3`, where that has it.
 */
import type { BenchOptions } from './bench-options.ts';
import { type DamageResult, damagedCopies } from './studies-damage.ts';
import { type KillResult, killWorkers } from './studies-kills.ts';
import { type Latency, latencyOf } from './studies-latency.ts';
import { type OptunaRow, optunaLatency } from './studies-optuna.ts';
import { faultsOf, grow, openStudy } from './studies-problem.ts';
import { workerProcess, workTogether } from './studies-processes.ts';
import { type RestartResult, restartServer } from './studies-restarts.ts';
import { type MeasuredStorage, storages } from './studies-storages.ts';
import { countSyncs, withoutSyncs } from './studies-sync.ts';

const parts = ['latency', 'opening', 'processes', 'kills', 'restarts', 'damage'] as const;
/** Number of trials at which the storages are compared. */
const comparedAt = 10_000;
const seed = 1;

interface Measured {
  readonly latencies: Latency[];
  opening?: {
    readonly first: Readonly<Record<string, number>>;
    readonly second: Readonly<Record<string, number>>;
  };
  processes?: { readonly slowestRatio: number; readonly faults: readonly string[] };
  kills?: KillResult;
  restarts?: RestartResult;
  damage?: DamageResult;
}

export async function studies(options: BenchOptions): Promise<void> {
  const { quick, emit, words, python } = options;
  countSyncs();
  const isChosen = (all: readonly string[], word: string) =>
    words.includes(word) || !all.some((other) => words.includes(other));
  const runs = (part: (typeof parts)[number]) => isChosen(parts, part);
  const sizes = quick ? [10, 1000] : [10, comparedAt, 100_000];
  const pairs = quick ? 50 : 300;
  const summary: Record<string, Measured> = {};
  for (const [name, of] of Object.entries(storages)) {
    if (!isChosen(Object.keys(storages), name)) continue;
    const measured: Measured = { latencies: [] };
    summary[name] = measured;
    if (runs('latency') || runs('opening')) {
      const { address, remove } = await of.prepare();
      const storage = await of.open(address);
      for (const size of runs('latency') ? sizes : sizes.slice(-1)) {
        await withoutSyncs(() => grow(storage, size, of.eventsAtOnce));
        if (!runs('latency')) continue;
        const latency = await latencyOf(storage, size, pairs);
        measured.latencies.push(latency);
        emit({ bench: 'studies', part: 'latency', storage: name, ...latency });
      }
      await storage.close?.();
      if (runs('opening') && of.isShared)
        measured.opening = await opening(name, { address, trials: sizes.at(-1)!, emit });
      await remove();
    }
    if (runs('processes') && of.isShared) measured.processes = await processes(name, of, options);
    for (const part of ['kills', 'restarts', 'damage'] as const)
      if (runs(part)) Object.assign(measured, await harmed(part, { name, of, options }));
  }
  const optuna = runs('latency')
    ? await optunaLatency(python ?? process.env['FOOTHOLD_PYTHON'] ?? 'python3', {
        pairs: quick ? 20 : 100,
        sizes: sizes.filter((size) => size <= comparedAt),
        emit: (row) => emit({ bench: 'studies', part: 'latency', ...row }),
      })
    : [];
  emit({
    bench: 'studies',
    summary: { seed, storages: summary, ...comparison(summary, optuna, quick ? 1000 : comparedAt) },
  });
}

/** Two openings by processes of their own: the second finds what the first may have left. */
async function opening(
  storage: string,
  {
    address,
    trials,
    emit,
  }: { readonly address: string; readonly trials: number } & Pick<BenchOptions, 'emit'>,
): Promise<NonNullable<Measured['opening']>> {
  const open = () => workerProcess(['open', storage, address, `${trials - 1}`]).result;
  await storages[storage]!.forget(address);
  const first = await open();
  const second = await open();
  emit({ bench: 'studies', part: 'opening', storage, trials, time: 'first', ...first });
  emit({ bench: 'studies', part: 'opening', storage, trials, time: 'second', ...second });
  return { first, second };
}

/** One process alone on a study, then several together on another. */
async function processes(
  storage: string,
  { prepare, open }: MeasuredStorage,
  { quick, emit }: BenchOptions,
): Promise<NonNullable<Measured['processes']>> {
  const [count, trials] = quick ? [3, 50] : [8, 500];
  const run = async (workers: number) => {
    const { address, remove } = await prepare();
    const results = await workTogether(workers, { storage, address, trials });
    const opened = await open(address);
    const faults = faultsOf(await openStudy(opened).trials(), workers * trials);
    await opened.close?.();
    await remove();
    for (const result of results)
      emit({ bench: 'studies', part: 'processes', storage, processes: workers, trials, ...result });
    return { slowest: Math.max(...results.map(({ msPerTrial }) => msPerTrial!)), faults };
  };
  const alone = await run(1);
  const together = await run(count);
  return { slowestRatio: together.slowest / alone.slowest, faults: [...alone.faults, ...together.faults] };
}

/** Processes or a server killed at their work, or damaged copies of a log, where the storage has such. */
async function harmed(
  part: 'kills' | 'restarts' | 'damage',
  {
    name: storage,
    of: { isShared, prepare },
    options: { quick, emit },
  }: { readonly name: string; readonly of: MeasuredStorage; readonly options: BenchOptions },
): Promise<Pick<Measured, 'kills' | 'restarts' | 'damage'>> {
  const harm = async () => {
    if (part === 'restarts') return restartServer({ restarts: quick ? 2 : 20, processes: 8, seed });
    if (part === 'damage') return damagedCopies(quick ? 100 : 1000, seed);
    const { address, remove } = await prepare();
    const result = await killWorkers({ storage, address, kills: quick ? 60 : 1000, processes: 8, seed });
    await remove();
    return result;
  };
  const has = { kills: isShared, restarts: storage === 'postgres', damage: storage === 'file' };
  if (!has[part]) return {};
  const result = await harm();
  emit({ bench: 'studies', part, storage, seed, ...result });
  return { [part]: result };
}

/** How many times as long Optuna's storages take as ours, at one number of trials, or why that is not known. */
function comparison(
  summary: Readonly<Record<string, Measured>>,
  optuna: readonly OptunaRow[] | string,
  trials: number,
): Readonly<Record<string, unknown>> {
  if (typeof optuna === 'string') return { optunaSkipped: optuna };
  const ratios = Object.entries(summary).flatMap(([storage, { latencies }]) => {
    const own = latencies.find((latency) => latency.trials === trials);
    if (!own || !storages[storage]!.isShared) return [];
    return optuna
      .filter((row) => row.trials === trials)
      .map((row) => ({
        ...{ storage, optuna: row.storage, trials, ratio: row.medianMs / own.medianMs },
        ...(row.withoutSyncMs !== undefined && { ratioWithoutSync: row.withoutSyncMs / own.withoutSyncMs }),
      }));
  });
  return ratios.length > 0 ? { timesAsLongInOptuna: ratios } : {};
}
