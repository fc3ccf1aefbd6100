/**
 * Hypervolume of two objectives after 25 and 60 trials: the default sampler beside Optuna's GP, TPE and NSGA-II samplers, and beside our
 * own alternatives, in one run.
 *
 * `pnpm bench multi-objective [--quick] [--seeds N] [--python PROGRAM] [held] [wide] [noisy] [problems…] [samplers…]`: six problems, ten seeds; the
 * Python needs Optuna, torch and scipy (default: FOOTHOLD_PYTHON; without it only ours run). `held` takes the problems that variants were
 * chosen on, `wide` some of 30 columns. `noisy` adds normal noise of a tenth of the objectives' standard deviation to what samplers see. The hypervolume is
 * that of the values without noise at all points of a run. `timesFaster` is the seconds in the sampler's calls of Optuna's GPSampler over
 * ours, on the seeds of both. Interrupted (SIGINT), it ends the run that is in progress and sums up what there is; `runs` says how many.
 */
import { seeded } from '@foothold/core';
import { hypervolume, standardNormal } from '@foothold/numerics';
import { type BenchOptions, refuseOtherWords } from './bench-options.ts';
import { held, reported, type TwoObjectives, wide } from './multi-objective-problems.ts';
import { OptunaProcess, optunaNames, ownNames, ownRun, type Run } from './multi-objective-samplers.ts';

const trials = 60;
const checkpoints = [25, 60] as const;
/** Noise, as a share of the standard deviation of an objective over the space. */
const noiseShare = 0.1;

interface Result {
  readonly problem: string;
  readonly sampler: string;
  readonly seed: number;
  readonly at25: number;
  readonly at60: number;
  readonly seconds: number;
}

export async function multiObjective(options: BenchOptions): Promise<void> {
  const { quick, words, emit } = options;
  const program = options.python ?? process.env['FOOTHOLD_PYTHON'];
  refuseOtherWords(words, [
    ...['held', 'wide', 'noisy', ...Object.keys(reported), ...Object.keys(held), ...Object.keys(wide)],
    ...ownNames,
    ...optunaNames,
  ]);
  const all = { ...reported, ...held, ...wide };
  const defaults = Object.keys(words.includes('held') ? held : words.includes('wide') ? wide : reported);
  const problems = chosen(words, Object.keys(all), quick ? defaults.slice(0, 2) : defaults);
  const peers = program === undefined ? [] : optunaNames;
  const samplers = chosen(words, [...ownNames, ...optunaNames], ['foothold', ...peers, 'random']);
  const seeds = options.seeds ?? (quick ? 2 : 10);
  const optuna = samplers.some((name) => optunaNames.includes(name))
    ? new OptunaProcess(program!)
    : undefined;
  const isNoisy = words.includes('noisy');
  const results: Result[] = [];
  // The first study of a sampler loads its code.
  for (const name of samplers)
    await completed(await started(name, { dimensions: 2, seed: 10 ** 6 }, optuna), reported['dtlz2']!, {
      upTo: 15,
    });
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  for (let seed = 0; seed < seeds; seed++)
    for (const problem of problems)
      for (const sampler of samplers) {
        if (interrupted) continue;
        const of = all[problem]!;
        const run = await started(sampler, { dimensions: of.dimensions, seed }, optuna);
        const noise = isNoisy ? noiseOf(of, seed) : undefined;
        const volumes = await completed(run, of, { upTo: trials, noise });
        const [at25, at60] = volumes as [number, number];
        const result = { problem, sampler, seed, at25, at60, seconds: run.seconds() };
        results.push(result);
        emit({ bench: 'multi-objective', ...result });
      }
  optuna?.close();
  const summary = Object.fromEntries(
    problems.map((problem) => [problem, summaryOf(results, problem, samplers)]),
  );
  emit({
    bench: 'multi-objective',
    summary: { seeds, noisy: isNoisy, optuna: optuna?.version, problems: summary },
  });
}

function chosen(words: readonly string[], all: readonly string[], otherwise: readonly string[]) {
  const named = all.filter((name) => words.includes(name));
  return named.length > 0 ? named : otherwise;
}

function started(
  name: string,
  of: { readonly dimensions: number; readonly seed: number },
  optuna: OptunaProcess | undefined,
): Promise<Run> {
  const options = { ...of, trials };
  return ownNames.includes(name) ? ownRun(name, options) : optuna!.run(name, options);
}

/** The hypervolume at each of the checkpoints. */
async function completed(
  run: Run,
  { evaluate, reference }: TwoObjectives,
  { upTo, noise }: { readonly upTo: number; readonly noise?: (() => readonly [number, number]) | undefined },
): Promise<readonly number[]> {
  const front: Float64Array[] = [];
  const volumes: number[] = [];
  for (let i = 1; i <= upTo; i++) {
    const [a, b] = evaluate(await run.ask());
    const [da, db] = noise?.() ?? [0, 0];
    await run.tell([a + da, b + db]);
    front.push(Float64Array.of(-a, -b));
    if (checkpoints.some((at) => at === i))
      volumes.push(
        hypervolume(
          front,
          Float64Array.from(reference, (r) => -r),
        ),
      );
  }
  return volumes;
}

/** Draws of both objectives' noise, the same for every sampler of a seed. */
function noiseOf({ evaluate, dimensions }: TwoObjectives, seed: number): () => readonly [number, number] {
  const rng = seeded(seed).fork('space');
  const values = Array.from({ length: 256 }, () =>
    evaluate(Array.from({ length: dimensions }, () => rng.next())),
  );
  const scale = ([0, 1] as const).map((j) => noiseShare * spreadOf(values.map((v) => v[j])));
  const draws = seeded(seed).fork('noise');
  return () => [scale[0]! * standardNormal(draws), scale[1]! * standardNormal(draws)];
}

function summaryOf(results: readonly Result[], problem: string, samplers: readonly string[]) {
  const gp = results.filter((r) => r.problem === problem && r.sampler === 'optuna-gp');
  const shared = new Set(gp.map(({ seed }) => seed));
  return Object.fromEntries(
    samplers.map((sampler) => {
      const own = results.filter((r) => r.problem === problem && r.sampler === sampler);
      const seconds = mean(own.map((r) => r.seconds));
      return [
        sampler,
        {
          runs: own.length,
          at25: withError(own.map((r) => r.at25)),
          at60: withError(own.map((r) => r.at60)),
          seconds: rounded(seconds),
          ...(gp.length > 0 && {
            timesFaster: rounded(
              mean(gp.map((r) => r.seconds)) /
                mean(own.filter((r) => shared.has(r.seed)).map((r) => r.seconds)),
            ),
          }),
        },
      ];
    }),
  );
}

/** Mean and standard error. */
function withError(values: readonly number[]) {
  return [rounded(mean(values)), rounded(spreadOf(values) / Math.sqrt(values.length))];
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function spreadOf(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((a, v) => a + (v - centre) ** 2, 0) / Math.max(values.length - 1, 1));
}

const rounded = (value: number) => Number(value.toPrecision(5));
