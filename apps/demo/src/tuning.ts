import { setImmediate } from 'node:timers/promises';
import {
  type LinearAlgebra,
  logInteger,
  logUniform,
  minimize,
  random,
  type Storage,
  searchSpace,
  smallToLarge,
  type Trial,
  uniform,
} from 'foothold';
import { type Digits, digitsBetween, readDigits } from './digits.ts';
import { misread } from './network.ts';
import { type TrainingSize, train } from './train.ts';

/** The settings of a training that are tuned: 8 parameters. */
export const trainingSpace = searchSpace({
  learningRate: logUniform(1e-5, 1e-1),
  finalRate: logUniform(1e-2, 1),
  batchSize: logInteger(8, 512),
  weightDecay: logUniform(1e-5, 1),
  dropout: uniform(0, 0.8),
  shift: uniform(0, 5),
  rotation: uniform(0, 60),
  zoom: uniform(0, 0.5),
});
export type Settings = ReturnType<typeof trainingSpace.decode>;

/** What Keras does when it is told nothing but "adam": rate 0.001, 32 images a step, nothing else. */
export const stockSettings: Settings = {
  learningRate: 1e-3,
  finalRate: 1,
  batchSize: 32,
  weightDecay: 0,
  dropout: 0,
  shift: 0,
  rotation: 0,
  zoom: 0,
};

/** The network that is to be tuned, and a small one that learns from fewer digits at about a fifth of the cost. */
export const largeNetwork = { digits: 1000, hidden: 32, epochs: 15 } as const;
export const smallNetwork = { digits: 300, hidden: 16, epochs: 20 } as const;
/** Trainings are judged on digits 4,000 to 5,999; the last 4,000 are read only once everything is tuned. */
const judged = [4000, 6000] as const;
const kept = [6000, 10_000] as const;

/** Default number of full trainings of random search and of the cold start. */
export const usualTrials = 18;

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

export function digitTask(all: Digits = readDigits()): DigitTask {
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
    small: (settings) => result(smallNetwork, settings),
    large: (settings) => result(largeNetwork, settings),
    newDigits: (settings) => misread(trained(largeNetwork, settings), digitsBetween(all, ...kept)),
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
    small: Math.round((10 * trials) / 3),
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
 * Stock settings have no decay and no distortion, which lie outside of the space: no study has them. Throws the
 * signal's reason when it aborts.
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
    onTrial: onTrial && ((trial: Trial<Settings>) => onTrial(trial, stage)),
  });
  signal?.throwIfAborted();
  const stock: Trial<Settings> = {
    ...{ number: 0, params: stockSettings, reports: [], state: 'complete' as const },
    ...(await task.large(stockSettings)),
  };
  onTrial?.(stock, 'stock');
  const searched = await minimize(task.large, trainingSpace, { ...told('random'), sampler: random() });
  signal?.throwIfAborted();
  const cold = await minimize(task.large, trainingSpace, told('cold'));
  signal?.throwIfAborted();
  const warm = await smallToLarge({
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
    stock: [stock],
    random: searched.trials,
    cold: cold.trials,
    small: warm.small.trials,
    large: warm.large.trials,
  };
}
