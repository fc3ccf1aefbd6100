import { setImmediate } from 'node:timers/promises';
import {
  type LinearAlgebra,
  logInteger,
  logUniform,
  minimize,
  random as randomSampler,
  type Storage,
  searchSpace,
  smallToLarge,
  type Trial,
  uniform,
} from 'foothold';
import { digitsBetween, readDigits } from './digits.ts';
import { misread } from './network.ts';
import { type TrainingSize, train } from './train.ts';

/** What Keras does when it is told nothing but "adam": rate 0.001, 32 images a step, nothing else. */
export const stockSettings = {
  learningRate: 1e-3,
  finalRate: 1,
  batchSize: 32,
  weightDecay: 1e-5, // takes less than a hundred-thousandth of a weight in a whole training: none
  dropout: 0,
  shift: 0,
  rotation: 0,
  zoom: 0,
};

/** The settings of a training that are tuned: 8 parameters. Their defaults are the stock settings, which every search knows. */
export const trainingSpace = searchSpace({
  learningRate: logUniform(1e-5, 1e-1).default(stockSettings.learningRate),
  finalRate: logUniform(1e-2, 1).default(stockSettings.finalRate),
  batchSize: logInteger(8, 512).default(stockSettings.batchSize),
  weightDecay: logUniform(1e-5, 1).default(stockSettings.weightDecay),
  dropout: uniform(0, 0.8).default(stockSettings.dropout),
  shift: uniform(0, 5).default(stockSettings.shift),
  rotation: uniform(0, 60).default(stockSettings.rotation),
  zoom: uniform(0, 0.5).default(stockSettings.zoom),
});
export type Settings = ReturnType<typeof trainingSpace.decode>;

/** The network that is to be tuned, and a small version at about an eighth of the cost. */
export const largeNetwork = { digits: 2000, hidden: 64, epochs: 15 } as const;
export const smallNetwork = { digits: 400, hidden: 24, epochs: 12 } as const;
/** Both networks when the large one learns from `digits` digits: the small one keeps its share of them. */
export function networkSizes(digits: number): Readonly<Record<'large' | 'small', NetworkSize>> {
  const share = digits / largeNetwork.digits;
  return {
    large: { ...largeNetwork, digits },
    small: { ...smallNetwork, digits: Math.ceil(smallNetwork.digits * share) },
  };
}
/** Digits from which a network can learn: the others judge it. */
export const maxDigits = 4000;
/** Trainings are judged on digits 4,000 to 6,999; the last 3,000 are read only once everything is tuned. */
const judged = [4000, 7000] as const;
const kept = [7000, 10_000] as const;

/** Default number of full trainings of random search and of the cold start. */
export const usualTrials = 12;

/** Share of misread digits among those that trainings are judged on, and the CPU seconds of the training. */
export interface TrainingResult {
  readonly value: number;
  readonly metrics: { readonly seconds: number };
}

export interface DigitTask {
  small(settings: Settings): Promise<TrainingResult>;
  large(settings: Settings): Promise<TrainingResult>;
  /** Share of misread digits among those that no training was judged on, of the large network with these settings. */
  newDigits(settings: Settings): number;
}

type NetworkSize = TrainingSize & { readonly digits: number };

/** The two trainings, on `options.digits` digits (default: 2,000; the small network has its share of them). */
export function digitTask(
  { digits = largeNetwork.digits }: { readonly digits?: number | undefined } = {},
  all = readDigits(),
): DigitTask {
  const { large, small } = networkSizes(digits);
  const trained = (size: NetworkSize, settings: Settings) =>
    train(digitsBetween(all, 0, size.digits), settings, size);
  const result = async (size: NetworkSize, settings: Settings): Promise<TrainingResult> => {
    await setImmediate(); // a training holds the thread: signals have their turn before
    const before = process.cpuUsage();
    const value = misread(trained(size, settings), digitsBetween(all, ...judged));
    const { user, system } = process.cpuUsage(before);
    return { value, metrics: { seconds: (user + system) / 1e6 } };
  };
  return {
    small: (settings) => result(small, settings),
    large: (settings) => result(large, settings),
    newDigits: (settings) => misread(trained(large, settings), digitsBetween(all, ...kept)),
  };
}

export const stages = ['stock', 'random', 'cold', 'small', 'large'] as const;
export type Stage = (typeof stages)[number];
/** The trials of each stage: `small` and `large` are the two stages of small to large. */
export type Comparison = Readonly<Record<Stage, readonly Trial<Settings>[]>>;

/** What the study of a stage is called in its storage. */
export const studyName = (stage: Stage): string => `${studyPrefix}-${stage}`;
const studyPrefix = 'digits';

/** Trials of each stage when random search and the cold start have `trials`. */
export function budgets(trials: number): Readonly<Record<Stage, number>> {
  return {
    stock: 1,
    random: trials,
    cold: trials,
    small: 6 * trials,
    large: Math.max(1, Math.floor(trials / 3)),
  };
}

export interface ComparisonOptions {
  readonly trials: number;
  readonly seed: number;
  readonly linalg?: LinearAlgebra | undefined;
  /** Where the studies are kept: the same call continues a stopped one. */
  readonly storage?: Storage | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onTrial?: ((trial: Trial<Settings>, stage: Stage) => void) | undefined;
}

/**
 * The trials of the stock settings, random search, a cold start and small to large, which run one after another.
 *
 * All know the stock settings: these are the first trial of random search, of the cold start and of the small network.
 * Throws the signal's reason when it aborts.
 */
export async function compareSearches(task: DigitTask, options: ComparisonOptions): Promise<Comparison> {
  const { seed, linalg, storage, signal, onTrial } = options;
  const budget = budgets(options.trials);
  const told = (stage: Stage) => ({
    trials: budget[stage],
    seed,
    linalg,
    storage,
    signal,
    name: studyName(stage),
    enqueue: [stockSettings],
    onTrial: onTrial && ((trial: Trial<Settings>) => onTrial(trial, stage)),
  });
  const random = await minimize(task.large, trainingSpace, { ...told('random'), sampler: randomSampler() });
  signal?.throwIfAborted();
  const cold = await minimize(task.large, trainingSpace, told('cold'));
  signal?.throwIfAborted();
  const carried = await smallToLarge({
    space: trainingSpace,
    small: task.small,
    large: task.large,
    smallTrials: budget.small,
    largeTrials: budget.large,
    seed,
    linalg,
    storage,
    signal,
    name: studyPrefix,
    onTrial,
  });
  signal?.throwIfAborted();
  return {
    stock: random.trials.slice(0, 1),
    random: random.trials,
    cold: cold.trials,
    small: carried.small.trials,
    large: carried.large.trials,
  };
}
