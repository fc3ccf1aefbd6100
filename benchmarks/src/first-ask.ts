/**
 * The first suggestion after a history of a few trials was loaded, through the built `foothold ask-tell`, beside Optuna's GPSampler in a process of the same
 * kind: wait, and the processor's time.
 *
 * `pnpm bench first-ask [--quick] [--seeds PROCESSES] [--python PROGRAM]`: after `pnpm build`; the Python needs Optuna, torch and scipy (default:
 * FOOTHOLD_PYTHON). Each process of either program, in turns, has studies of six parameters with 10 and with 50 trials:
 *
 * - `cold`: its first study, from the start of the process to the suggestion;
 * - `at once`: later studies (three of each size), the ask sent as soon as `load` was answered;
 * - `idle`: the same, with `pause` between `load` and ask, as where a program loads its data meanwhile;
 * - `next`: the ask after one more outcome, sent as soon as `tell` was answered;
 * - `next idle`: the same, with the pause between tell and ask.
 *
 * `wait` and `cpu` are of the ask alone, except `cold`; `all` is the processor's time from `create` (or the outcome) to the suggestion, with
 * what is done in the pauses. Figures are medians; `times` is Optuna's by ours, in waits and in processor time.
 */
import { join } from 'node:path';
import { InvalidArgumentError, type Rng, seeded } from '@foothold/core';
import { type BenchOptions, refuseOtherWords } from './bench-options.ts';
import { builtCommand } from './built-command.ts';
import { median } from './median.ts';
import { type TimedLineProcess, timedLineProcess } from './timed-line-process.ts';

const columns = 6;
const sizes = [10, 50];
const studiesEach = 3;
/** Milliseconds. */
const pause = 200;
const space = Object.fromEntries(
  Array.from({ length: columns }, (_, i) => [`x${i}`, { type: 'real', low: 0, high: 1 }]),
);

type Moment = 'cold' | 'at once' | 'idle' | 'next' | 'next idle';
interface Row {
  readonly program: 'foothold' | 'optuna';
  readonly moment: Moment;
  readonly trials: number;
  readonly wait: number;
  readonly cpu: number;
  readonly all: number;
}

export async function firstAsk({ quick, seeds, python, words, emit }: BenchOptions): Promise<void> {
  refuseOtherWords(words, []);
  const interpreter = python ?? process.env['FOOTHOLD_PYTHON'];
  if (interpreter === undefined)
    throw new InvalidArgumentError('--python', interpreter, 'a Python with optuna, torch and scipy');
  const programs = {
    foothold: () => timedLineProcess(process.execPath, [builtCommand, 'ask-tell']),
    // What Optuna's documentation advises for GPSampler.
    optuna: () =>
      timedLineProcess(interpreter, [join(import.meta.dirname, 'first-ask-optuna.py')], {
        OMP_NUM_THREADS: '1',
      }),
  };
  const processes = seeds ?? (quick ? 2 : 16);
  const rows: Row[] = [];
  for (let at = 0; at < processes; at++)
    for (const program of ['foothold', 'optuna'] as const) {
      const start = performance.now();
      const open = programs[program]();
      const cold = sizes[at % sizes.length]!;
      try {
        for await (const measurement of measured(open, { cold, seed: at, start })) {
          const row = { program, ...measurement };
          rows.push(row);
          emit({ bench: 'first-ask', process: at, ...row });
        }
      } finally {
        await open.end();
      }
    }
  emit({
    bench: 'first-ask',
    summary: { processes, columns, pauseMs: pause, asks: summary(rows) },
  });
}

type Measured = Omit<Row, 'program'>;

/** The asks of one process. */
async function* measured(
  program: TimedLineProcess,
  { cold, seed, start }: { readonly cold: number; readonly seed: number; readonly start: number },
): AsyncGenerator<Measured> {
  const first = seeded(`first ask ${seed}`);
  const objective = objectiveOf(first);
  await opened(program, { seed, trials: cold, objective, rng: first.fork('points') });
  await program.call({ op: 'ask' });
  const cpu = program.cpu();
  yield { moment: 'cold', trials: cold, wait: performance.now() - start, cpu, all: cpu };
  for (let study = 0; study < studiesEach; study++)
    for (const trials of sizes)
      for (const isIdle of [false, true]) {
        const rng = first.fork(`${study} of ${trials}`);
        const before = program.cpu();
        const of = objectiveOf(rng);
        await opened(program, { seed: study, trials, objective: of, rng: rng.fork('points') });
        if (isIdle) await paused();
        const { wait, cpu: asked, answer } = await program.call({ op: 'ask' });
        yield { moment: isIdle ? 'idle' : 'at once', trials, wait, cpu: asked, all: program.cpu() - before };
        const [trial] = answer['trials'] as readonly [{ number: number; params: Record<string, number> }];
        const told = program.cpu();
        await program.call({ op: 'tell', number: trial.number, value: of(Object.values(trial.params)) });
        if (isIdle) await paused();
        const next = await program.call({ op: 'ask' });
        const all = program.cpu() - told;
        yield { moment: isIdle ? 'next idle' : 'next', trials, wait: next.wait, cpu: next.cpu, all };
      }
}

const paused = () => new Promise<void>((resolve) => setTimeout(resolve, pause));

/** A new study with loaded trials. */
async function opened(
  program: TimedLineProcess,
  {
    seed,
    trials,
    objective,
    rng,
  }: {
    readonly seed: number;
    readonly trials: number;
    readonly objective: (x: readonly number[]) => number;
    readonly rng: Rng;
  },
): Promise<void> {
  await program.call({ op: 'create', space, direction: 'minimize', seed, trials: trials + 10 });
  const past = Array.from({ length: trials }, () => {
    const x = Array.from({ length: columns }, () => rng.next());
    return { params: Object.fromEntries(x.map((u, i) => [`x${i}`, u])), value: objective(x) };
  });
  await program.call({ op: 'load', trials: past });
}

/** A random quadratic function with a sine of one direction. */
function objectiveOf(rng: Rng): (x: readonly number[]) => number {
  const of = rng.fork('function');
  const terms = Array.from({ length: columns }, () => ({
    centre: 0.2 + 0.6 * of.next(),
    curvature: 0.2 + 1.8 * of.next(),
    frequency: 3 * (2 * of.next() - 1),
  }));
  return (x) => {
    let [square, phase] = [0, 0];
    for (const [i, { centre, curvature, frequency }] of terms.entries()) {
      square += curvature * (x[i]! - centre) ** 2;
      phase += frequency * (x[i]! - centre);
    }
    return square / Math.sqrt(columns) + 0.5 * Math.sin(3 * phase);
  };
}

function summary(rows: readonly Row[]) {
  const moments: readonly Moment[] = ['cold', 'at once', 'idle', 'next', 'next idle'];
  return moments.flatMap((moment) =>
    sizes.map((trials) => {
      const of = (program: Row['program'], key: 'wait' | 'cpu' | 'all') =>
        median(
          rows
            .filter((row) => row.program === program && row.moment === moment && row.trials === trials)
            .map((row) => row[key]),
        );
      const figures = (key: 'wait' | 'cpu' | 'all') => {
        const [ours, theirs] = [of('foothold', key), of('optuna', key)];
        return { [`${key}Ms`]: ours, [`${key}OptunaMs`]: theirs, [`${key}Times`]: theirs / ours };
      };
      return { moment, trials, ...figures('wait'), ...figures('cpu'), ...figures('all') };
    }),
  );
}
