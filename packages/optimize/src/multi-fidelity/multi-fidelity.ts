import { logMultiFidelityKnowledgeGradient } from '@foothold/acquisitions';
import { InvalidArgumentError, type Params, type Trial, type Why } from '@foothold/core';
import { multiFidelity as multiFidelityModel } from '@foothold/gp-models';
import { wasm } from '@foothold/linalg';
import { type CostBudget, multiFidelitySampler } from '@foothold/samplers';
import { createStudy, type Evaluation, type LocalStudy, optimize } from '@foothold/study';
import { bestResult } from '../best-result.ts';
import { shiftText } from '../learning-rate-shift.ts';
import { studyOptionsOf } from '../run-options.ts';
import { stageOf } from '../stage.ts';
import { withExplanation } from '../with-explanation.ts';
import { type CheckedFidelity, checkedFidelities } from './checked-fidelities.ts';
import { fidelityCosts, secondsMetric } from './fidelity-costs.ts';
import { type FidelitySpace, fidelitySpace, type WithFidelity } from './fidelity-space.ts';
import type { FidelityStage, MultiFidelityOptions, MultiFidelityResult } from './multi-fidelity-options.ts';
import { targetFidelitySampler } from './target-fidelity-sampler.ts';

/** A run's options with what follows from them. */
interface Setting<P extends Params> {
  readonly options: MultiFidelityOptions<P>;
  readonly fidelities: readonly CheckedFidelity<P>[];
  readonly withFidelity: FidelitySpace<P>;
  readonly budgetOf: (trials: readonly Trial[]) => CostBudget;
  readonly isMeasured: boolean;
}

/**
 * The best parameters at the target fidelity, found with evaluations at cheaper ones (5 and 15 of 52 epochs; 5 % and 25 %
 * of the data), within a `budget` of cost.
 *
 * Before each evaluation it decides which parameters to try at which fidelity: where the evaluation pays most for its cost.
 * One study holds all fidelities, with the fidelity as one more parameter; with `storage` it may be stopped between any two
 * trials and continued by the same call. Throws InvalidArgumentError for fidelities, costs and a budget that cannot be, and
 * where no evaluation at the target fidelity completed. After `signal` aborts before one has completed it throws the
 * signal's reason.
 */
export async function multiFidelity<P extends Params>(
  options: MultiFidelityOptions<P>,
): Promise<MultiFidelityResult<P>> {
  const setting = settingOf(options);
  const { fidelities, withFidelity } = setting;
  const study = await studyOf(setting);
  const past = fidelities.flatMap(({ history = [] }, level) =>
    history.map((trial) => ({ ...trial, params: withFidelity.at(trial.params, level) })),
  );
  if (past.length > 0 && (await study.trials()).length === 0) await study.load(past);
  await run(study, setting);
  return resultOf(study, setting);
}

function settingOf<P extends Params>(options: MultiFidelityOptions<P>): Setting<P> {
  const { fidelityName = 'fidelity', budget } = options;
  const fidelities = checkedFidelities(options);
  const values = fidelities.map(({ fidelity }) => fidelity);
  const shifts = fidelities.map(({ shift }) => shift);
  const withFidelity = fidelitySpace(options.space, { name: fidelityName, fidelities: values, shifts });
  const isMeasured = options.costs === 'measured';
  const given = isMeasured ? undefined : fidelities.map((f) => f.cost ?? f.fidelity);
  const levelOf = (trial: Trial) => withFidelity.split(trial.params as WithFidelity<P>).level;
  const budgetOf = (trials: readonly Trial[]) =>
    fidelityCosts(trials, { fidelities: values, given, levelOf, budget });
  return { options, fidelities, withFidelity, budgetOf, isMeasured };
}

async function studyOf<P extends Params>(setting: Setting<P>): Promise<LocalStudy<WithFidelity<P>>> {
  const { options, fidelities, withFidelity, budgetOf } = setting;
  const { fidelityName = 'fidelity' } = options;
  const studyOptions = studyOptionsOf(options);
  const { columns } = withFidelity.space;
  const linalg = options.linalg ?? (await wasm());
  const sampler = multiFidelitySampler({
    surrogate: multiFidelityModel({ columns, fidelityColumn: withFidelity.column, linalg }),
    acquisition: options.acquisition ?? logMultiFidelityKnowledgeGradient(),
    fidelity: fidelityName,
    costBudget: budgetOf,
    targetSampler: targetFidelitySampler({
      base: options.space,
      withFidelity,
      levels: fidelities,
      linalg,
      direction: studyOptions.direction,
    }),
    initialTrials: options.initialTrials,
  });
  return createStudy<WithFidelity<P>>({
    space: withFidelity.space,
    sampler: withExplanation(sampler, { sampler: 'multi-fidelity', ...shiftNotes(fidelities) }),
    ...studyOptions,
  });
}

async function run<P extends Params>(study: LocalStudy<WithFidelity<P>>, setting: Setting<P>): Promise<void> {
  const { options, fidelities, withFidelity, budgetOf, isMeasured } = setting;
  const { clock, concurrency, signal, onTrial, budget } = options;
  await optimize<WithFidelity<P>>(
    study,
    async (params, context) => {
      const { params: own, level } = withFidelity.split(params);
      const { evaluate, fidelity } = fidelities[level]!;
      const begun = clock?.();
      const result = await evaluate(own, { ...context, fidelity });
      return begun === undefined || !isMeasured ? result : withDuration(result, (clock!() - begun) / 1000);
    },
    {
      concurrency,
      signal,
      stop: {
        async check({ trials }) {
          // A trial that an earlier run left comes first, and is paid for already.
          if ((await study.abandoned()).length > 0) return undefined;
          const { costs, remaining } = budgetOf((await trials()) as readonly Trial[]);
          if (costs.at(-1)! <= remaining * (1 + 1e-9)) return undefined;
          return {
            name: 'budget',
            text: 'the budget does not allow another evaluation at the target fidelity',
          };
        },
      },
      onTrial:
        onTrial &&
        (async (trial) => {
          const { params, level } = withFidelity.split(trial.params);
          const { remaining } = budgetOf((await study.trials()) as readonly Trial[]);
          const at = { index: level, name: fidelities[level]!.name, spent: budget - remaining };
          onTrial({ ...trial, params } as Trial<P>, at);
        }),
    },
  );
}

async function resultOf<P extends Params>(
  study: LocalStudy<WithFidelity<P>>,
  { options, fidelities, withFidelity, budgetOf }: Setting<P>,
): Promise<MultiFidelityResult<P>> {
  const { signal, budget } = options;
  const { direction } = studyOptionsOf(options);
  const all = await study.trials();
  const { costs, spent, remaining } = budgetOf(all as readonly Trial[]);
  const stages = fidelities.map(({ name, fidelity }, index): FidelityStage<P> => {
    const trials = all.flatMap((trial) => {
      const { params, level } = withFidelity.split(trial.params);
      return level === index ? [{ ...trial, params } as Trial<P>] : [];
    });
    return {
      ...stageOf(trials, direction),
      name,
      fidelity,
      cost: costs[index]!,
      spent: spent[index]!,
    };
  });
  const target = stages.at(-1)!;
  if (!target.best) signal?.throwIfAborted();
  if (target.trials.length === 0)
    throw new InvalidArgumentError(
      'budget',
      budget,
      `enough for an evaluation at the target fidelity: it costs about ${target.cost}, and ${remaining} is left`,
    );
  return {
    ...bestResult(target.best, target.trials),
    fidelities: stages,
    spent: spent.reduce((sum, cost) => sum + cost, 0),
    study,
  };
}

/** The shifts of the fidelities, by name; empty without any. */
function shiftNotes<P extends Params>(fidelities: readonly CheckedFidelity<P>[]): Why {
  const shifts = fidelities.flatMap(({ name, shift }) => (shift ? [[name, shiftText(shift)] as const] : []));
  return shifts.length > 0 ? { shifts: Object.fromEntries(shifts) } : {};
}

/** The evaluation with the seconds that it took, where it does not say so itself. */
function withDuration(result: Evaluation, seconds: number): Evaluation {
  if (typeof result === 'number') return { value: result, metrics: { [secondsMetric]: seconds } };
  if ('state' in result && result.state !== 'complete') return result;
  return { ...result, metrics: { [secondsMetric]: seconds, ...result.metrics } };
}
