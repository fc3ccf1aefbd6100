/**
 * Ray Tune with FootholdSearch beside Ray's own OptunaSearch, the same code otherwise: regret, and what the searcher costs a trial.
 *
 * `pnpm bench ray [--quick] [--seeds N] [--python PROGRAM] [tasks…]`: the Python needs ray[tune] and optuna (default:
 * FOOTHOLD_PYTHON). 100 trials over a local cluster of two processes, 5 seeds. `ms` is the time within the calls of the searcher by
 * the clock, during which the driver does nothing else; `driverCpuMs` and `engineCpuMs` are the processor's time, without what
 * other programs do on the machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { InvalidArgumentError } from '@foothold/core';
import type { BenchOptions } from './bench-options.ts';
import { builtCommand } from './built-command.ts';

const tasks = ['branin', 'hartmann6'];
const searchers = ['foothold', 'optuna'] as const;
const root = join(import.meta.dirname, '../..');

interface Run {
  readonly searcher: (typeof searchers)[number];
  readonly task: string;
  readonly seed: number;
  readonly regret: number;
  readonly ms: number;
  readonly driverCpuMs: number;
  readonly engineCpuMs: number | null;
}

export async function ray({ quick, seeds, python, words, emit }: BenchOptions): Promise<void> {
  const program = python ?? process.env['FOOTHOLD_PYTHON'];
  if (program === undefined)
    throw new InvalidArgumentError('--python', program, 'a Python with ray[tune] and optuna');
  const odd = words.find((word) => !tasks.includes(word));
  if (odd !== undefined) throw new InvalidArgumentError('a word', odd, `one of ${tasks.join(', ')}`);
  const named = tasks.filter((task) => words.includes(task));
  const of = {
    seeds: seeds ?? (quick ? 1 : 5),
    trials: quick ? 20 : 100,
    tasks: named.length > 0 ? named : quick ? ['branin'] : tasks,
  };
  const rows: Run[] = [];
  let versions: object | undefined;
  const child = spawn(
    program,
    [
      join(import.meta.dirname, 'ray-search.py'),
      `${of.seeds}`,
      `${of.trials}`,
      of.tasks.join(),
      searchers.join(),
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PYTHONPATH: join(root, 'integrations/python/src'),
        FOOTHOLD_ENGINE: `"${process.execPath}" "${builtCommand}"`,
      },
    },
  );
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    // Ray prints tables of its own.
    if (!line.startsWith('{"')) continue;
    const row = JSON.parse(line);
    if (versions === undefined) versions = row;
    else {
      rows.push(row);
      emit({ bench: 'ray', ...row });
    }
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  emit({
    bench: 'ray',
    summary: { ...of, versions, ...Object.fromEntries(of.tasks.map((task) => [task, summary(rows, task)])) },
  });
}

/** Means over the seeds; `timesLess` is what OptunaSearch needs or misses by, divided by ours. */
function summary(rows: readonly Run[], task: string) {
  const of = (searcher: Run['searcher'], figure: (run: Run) => number) =>
    mean(rows.filter((run) => run.task === task && run.searcher === searcher).map(figure));
  const figures = {
    regret: ({ regret }: Run) => regret,
    ms: ({ ms }: Run) => ms,
    driverCpuMs: ({ driverCpuMs }: Run) => driverCpuMs,
    cpuMs: ({ driverCpuMs, engineCpuMs }: Run) => driverCpuMs + (engineCpuMs ?? 0),
  };
  return Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => {
      const [foothold, optuna] = searchers.map((searcher) => of(searcher, figure)) as [number, number];
      return [name, { foothold, optuna, timesLess: optuna / foothold }];
    }),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
