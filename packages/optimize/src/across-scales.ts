import {
  type Awaitable,
  type Direction,
  InvalidArgumentError,
  type LinearAlgebra,
  type Params,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  type Storage,
  type Trial,
  type Why,
} from '@foothold/core';
import { multiFidelity } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { multiFidelitySampler } from '@foothold/samplers';
import {
  bestTrial,
  type CompleteTrial,
  createStudy,
  type Evaluation,
  type LeaseOptions,
  type LocalStudy,
  optimize,
  type PastTrial,
  type TrialContext,
} from '@foothold/study';
import { lastScale } from './last-scale.ts';
import { type ParameterShift, shiftText } from './learning-rate-shift.ts';
import { found } from './minimize.ts';
import { scaleCosts, secondsMetric } from './scale-costs.ts';
import { type Scaled, scaledSpace } from './scaled-space.ts';

/** Evaluates parameters at `context.fidelity`: so many epochs, such a share of the data, such a width. */
export type ScaleObjective<P extends Params> = (
  params: P,
  context: TrialContext & { readonly fidelity: number },
) => Awaitable<Evaluation>;

export interface Scale<P extends Params> {
  /** What tells the scale apart (epochs, rows, width), above that of the scale before. */
  readonly fidelity: number;
  /** For messages and reports; the fidelity unless told. */
  readonly name?: string | undefined;
  /** What one evaluation costs, in the units of `budget`; the fidelity unless told. */
  readonly cost?: number | undefined;
  /** `evaluate` of the options unless told. */
  readonly evaluate?: ScaleObjective<P> | undefined;
  /** Past evaluations at this scale; they cost nothing. */
  readonly history?: readonly PastTrial<P>[] | undefined;
  /** Where good parameters of this scale are expected at the last one; see `learningRateShift`. */
  readonly shift?: ParameterShift | undefined;
}

export interface AcrossScalesOptions<P extends Params> {
  readonly space: SearchSpace<P>;
  /** Two or more, the cheapest first; the last one is the problem that counts. */
  readonly scales: readonly Scale<P>[];
  readonly evaluate?: ScaleObjective<P> | undefined;
  /** Cost of all evaluations together, those of earlier runs included: at least one evaluation at the last scale. */
  readonly budget: number;
  /** `measured`: an evaluation costs its metric `seconds`, or what `clock` says, and `budget` is in seconds. */
  readonly costs?: 'given' | 'measured' | undefined;
  /** Milliseconds of any clock, for measured costs and for `lease.ms`, where all workers share it. */
  readonly clock?: (() => number) | undefined;
  /** For several workers on one storage: who this one is, and after which silence its trials are given to another. */
  readonly lease?: LeaseOptions | undefined;
  /** `minimize` unless told. */
  readonly direction?: Direction | undefined;
  /** Trials at the cheapest scale before the first model; chosen by the sampler unless told. */
  readonly initialTrials?: number | undefined;
  readonly linalg?: LinearAlgebra | undefined;
  /** Where the study is kept (memory unless told) and its name there: the same call continues a stopped one. */
  readonly storage?: Storage | undefined;
  readonly name?: string | undefined;
  /** Parameter of the study that holds the fidelity, `fidelity` unless told. */
  readonly fidelityName?: string | undefined;
  readonly seed?: number | undefined;
  /** Evaluations at a time, 1 unless told. */
  readonly concurrency?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** `spent`: cost of all evaluations so far, running ones included. */
  readonly onTrial?:
    | ((
        trial: Trial<P>,
        scale: { readonly index: number; readonly name: string; readonly spent: number },
      ) => void)
    | undefined;
}

/** A scale's evaluations in order, in the parameters' own units, and the best of them. */
export interface ScaleStage<P extends Params> {
  readonly name: string;
  readonly fidelity: number;
  /** Cost of one evaluation; the mean seconds where costs are measured. */
  readonly cost: number;
  readonly spent: number;
  readonly trials: readonly Trial<P>[];
  /** Parameters and values of the complete trials, in order. */
  readonly x: readonly P[];
  readonly y: readonly number[];
  readonly best: CompleteTrial<P> | undefined;
}

export interface AcrossScalesResult<P extends Params> {
  /** Best parameters that were evaluated at the last scale, and their value there. */
  readonly params: P;
  readonly value: number;
  readonly best: CompleteTrial<P>;
  readonly scales: readonly ScaleStage<P>[];
  /** Cost of all evaluations; may end up to one evaluation of the last scale below the budget. */
  readonly spent: number;
  /** All trials in order, each with its fidelity among the parameters. */
  readonly study: LocalStudy<Scaled<P>>;
}

/** `smallToLarge` over several scales: see there. */
export async function acrossScales<P extends Params>(
  options: AcrossScalesOptions<P>,
): Promise<AcrossScalesResult<P>> {
  const { direction = 'minimize', name = 'small-to-large', fidelityName = 'fidelity', budget } = options;
  const scales = checked(options);
  const fidelities = scales.map(({ fidelity }) => fidelity);
  const shifts = scales.map(({ shift }) => shift);
  const scaled = scaledSpace(options.space, { name: fidelityName, fidelities, shifts });
  const { space } = scaled;
  const given = options.costs === 'measured' ? undefined : scales.map((s) => s.cost ?? s.fidelity);
  const levelOf = (trial: Trial) => scaled.apart(trial.params as Scaled<P>).level;
  const costBudget = (trials: readonly Trial[]) => scaleCosts(trials, { fidelities, given, levelOf, budget });
  const linalg = options.linalg ?? (await wasm());
  const study = createStudy<Scaled<P>>({
    space,
    sampler: noting(
      multiFidelitySampler({
        surrogate: multiFidelity({ columns: space.columns, fidelityColumn: scaled.scale, linalg }),
        fidelity: fidelityName,
        costBudget,
        targetSampler: lastScale({ base: options.space, scaled, scales, linalg, direction }),
        initialTrials: options.initialTrials,
      }),
      shiftNotes(scales),
    ),
    direction,
    storage: options.storage,
    name,
    seed: options.seed ?? 0,
    clock: options.clock,
    lease: options.lease,
  });
  const past = scales.flatMap(({ history = [] }, level) =>
    history.map((trial) => ({ ...trial, params: scaled.at(trial.params, level) })),
  );
  if (past.length > 0 && (await study.trials()).length === 0) await study.load(past);

  const bare = (trial: Trial<Scaled<P>>) => {
    const { params, level } = scaled.apart(trial.params);
    return { level, trial: { ...trial, params } as Trial<P> };
  };
  const { clock, concurrency, signal, onTrial } = options;
  await optimize<Scaled<P>>(
    study,
    async (params, context) => {
      const { params: own, level } = scaled.apart(params);
      const { evaluate, fidelity } = scales[level]!;
      const begun = clock?.();
      const result = await evaluate(own, { ...context, fidelity });
      return begun === undefined || given ? result : timed(result, (clock!() - begun) / 1000);
    },
    {
      concurrency,
      signal,
      stop: {
        async done(trials) {
          // A trial that an earlier run left comes first, and is paid for already.
          if ((await study.abandoned()).length > 0) return false;
          const { costs, remaining } = costBudget(trials as unknown as readonly Trial[]);
          return costs.at(-1)! > remaining * (1 + 1e-9);
        },
      },
      onTrial:
        onTrial &&
        (async (trial) => {
          const { trial: own, level } = bare(trial);
          const { remaining } = costBudget((await study.trials()) as unknown as readonly Trial[]);
          onTrial(own, { index: level, name: scales[level]!.name, spent: budget - remaining });
        }),
    },
  );

  const all = await study.trials();
  const { costs, spent, remaining } = costBudget(all as unknown as readonly Trial[]);
  const stages = scales.map(({ name: of, fidelity }, index): ScaleStage<P> => {
    const trials = all.map(bare).flatMap(({ trial, level }) => (level === index ? [trial] : []));
    const complete = trials.filter((t) => t.state === 'complete');
    return {
      name: of,
      fidelity,
      cost: costs[index]!,
      spent: spent[index]!,
      trials,
      x: complete.map((t) => t.params),
      y: complete.map((t) => t.value),
      best: bestTrial(trials, { direction }),
    };
  });
  const last = stages.at(-1)!;
  if (!last.best) signal?.throwIfAborted();
  if (last.trials.length === 0)
    throw new InvalidArgumentError(
      'budget',
      budget,
      `enough for an evaluation at the last scale: it costs about ${last.cost}, and ${remaining} is left`,
    );
  return {
    ...found(last.best, last.trials),
    scales: stages,
    spent: spent.reduce((sum, cost) => sum + cost, 0),
    study,
  };
}

/** The shifts of the scales, by name; empty without any. */
function shiftNotes<P extends Params>(scales: readonly CheckedScale<P>[]): Why {
  const told = scales.flatMap(({ name, shift }) => (shift ? [[name, shiftText(shift)] as const] : []));
  return told.length > 0 ? { shifts: Object.fromEntries(told) } : {};
}

/** The sampler with these facts in every `why`. */
function noting(sampler: Sampler, facts: Why): Sampler {
  return {
    ...sampler,
    async sample<P extends Params>(request: SampleRequest<P>) {
      const proposals = await sampler.sample(request);
      return proposals.map((proposal) => ({
        ...proposal,
        why: { sampler: 'multi-fidelity', ...facts, ...proposal.why },
      }));
    },
  };
}

/** The evaluation with what it took, where it does not say so itself. */
function timed(result: Evaluation, seconds: number): Evaluation {
  if (typeof result === 'number') return { value: result, metrics: { [secondsMetric]: seconds } };
  if ('state' in result && result.state !== 'complete') return result;
  return { ...result, metrics: { [secondsMetric]: seconds, ...result.metrics } };
}

type CheckedScale<P extends Params> = Scale<P> & {
  readonly name: string;
  readonly evaluate: ScaleObjective<P>;
};

function checked<P extends Params>(options: AcrossScalesOptions<P>): CheckedScale<P>[] {
  const { scales, budget, costs } = options;
  if (!Array.isArray(scales) || scales.length < 2)
    throw new InvalidArgumentError('scales', scales, 'two or more, the cheapest first');
  const names = new Set<string>();
  const result = scales.map((scale, i): CheckedScale<P> => {
    const { fidelity, cost = fidelity, name = String(fidelity), evaluate = options.evaluate } = scale;
    const before = scales[i - 1]?.fidelity ?? 0;
    if (!(fidelity > before && fidelity < Infinity))
      throw new InvalidArgumentError(`scales[${i}].fidelity`, fidelity, `a finite number above ${before}`);
    if (!(cost > 0 && cost < Infinity))
      throw new InvalidArgumentError(`scales[${i}].cost`, cost, 'a finite number above 0');
    if (!evaluate)
      throw new InvalidArgumentError(`scales[${i}].evaluate`, evaluate, 'a function, here or for all scales');
    if (names.has(name)) throw new InvalidArgumentError(`scales[${i}].name`, name, 'a name of its own');
    names.add(name);
    return { ...scale, name, evaluate };
  });
  const least = costs === 'measured' ? 0 : (scales.at(-1)!.cost ?? scales.at(-1)!.fidelity);
  if (!(budget > 0 && budget >= least && budget < Infinity))
    throw new InvalidArgumentError(
      'budget',
      budget,
      `a finite number from ${least}, one evaluation at the last scale`,
    );
  if (costs !== undefined && costs !== 'given' && costs !== 'measured')
    throw new InvalidArgumentError('costs', costs, '"given" | "measured"');
  return result;
}
