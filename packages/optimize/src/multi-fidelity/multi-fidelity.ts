import { InvalidArgumentError, type Params, type Trial, UnsupportedError } from '@foothold/core';
import { createStudy, type Evaluation, type LocalStudy, optimize } from '@foothold/study';
import { bestResult } from '../best-result.ts';
import { studyOptionsOf } from '../run-options.ts';
import { stageOf } from '../stage.ts';
import { storedGoal } from '../stored-goal.ts';
import { fidelityCosts, runningCosts, secondsMetric } from './fidelity-costs.ts';
import type { WithFidelity } from './fidelity-space.ts';
import type { FidelityStage, MultiFidelityOptions, MultiFidelityResult } from './multi-fidelity-options.ts';
import { type Setting, samplerOf, settingOf } from './multi-fidelity-setting.ts';

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

async function studyOf<P extends Params>(setting: Setting<P>): Promise<LocalStudy<WithFidelity<P>>> {
  const { options, withFidelity } = setting;
  const studyOptions = studyOptionsOf(options);
  const { name, storage } = studyOptions;
  const goal = await storedGoal(storage, name);
  const { constraints = [] } = goal;
  if (constraints.length > 0)
    throw new UnsupportedError(
      `limits (those of ${constraints.map(({ metric }) => metric).join(', ')} in the study ${name})`,
      'multiFidelity',
      `take them away with an edit (foothold edit ${name} --limit none), and have evaluations that break them fail`,
    );
  const study = createStudy<WithFidelity<P>>({
    ...{ ...studyOptions, ...goal, space: withFidelity.space },
    sampler: await samplerOf(setting),
  });
  refuseOtherFidelities(await study.trials(), setting);
  return study;
}

/** Throws InvalidArgumentError where the study has trials at a fidelity that the options do not have: its cost is not known. */
function refuseOtherFidelities<P extends Params>(
  trials: readonly Trial<P>[],
  { fidelities, options: { fidelityName = 'fidelity' } }: Setting<P>,
): void {
  const values = fidelities.map(({ fidelity }) => fidelity);
  for (const { number, params } of trials)
    if (!values.includes(Number(params[fidelityName])))
      throw new InvalidArgumentError(
        'fidelities',
        values,
        `those of the study, with ${params[fidelityName]}, at which trial ${number} was evaluated: an edit may add fidelities and not ` +
          'remove them; another study takes past trials as `history` of its fidelities',
      );
}

async function run<P extends Params>(study: LocalStudy<WithFidelity<P>>, setting: Setting<P>): Promise<void> {
  const { options, fidelities, withFidelity, costs } = setting;
  const { concurrency, signal, onTrial, budget } = options;
  const { clock } = studyOptionsOf(options);
  const isMeasured = options.costs === 'measured';
  const costsNow = runningCosts(study, costs);
  await optimize<WithFidelity<P>>(
    study,
    async (params, context) => {
      const { params: own, level } = withFidelity.split(params);
      const { evaluate, fidelity } = fidelities[level]!;
      const begun = clock();
      const result = await evaluate(own, { ...context, fidelity });
      return isMeasured ? withDuration(result, (clock() - begun) / 1000) : result;
    },
    {
      concurrency,
      signal,
      stop: {
        async check() {
          // A trial that an earlier run left comes first, and is paid for already.
          if ((await study.abandoned()).length > 0) return undefined;
          const { costs: each, remaining } = await costsNow();
          if (each.at(-1)! <= remaining * (1 + 1e-9)) return undefined;
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
          const { remaining } = await costsNow();
          const at = { index: level, name: fidelities[level]!.name, spent: budget - remaining };
          onTrial({ ...trial, params } as Trial<P>, at);
        }),
    },
  );
}

async function resultOf<P extends Params>(
  study: LocalStudy<WithFidelity<P>>,
  { options, fidelities, withFidelity, costs: costsOf }: Setting<P>,
): Promise<MultiFidelityResult<P>> {
  const { signal, budget } = options;
  const all = await study.trials();
  const { costs, spent, remaining } = fidelityCosts(all as readonly Trial[], costsOf);
  const stages = fidelities.map(({ name, fidelity }, index): FidelityStage<P> => {
    const trials = all.flatMap((trial) => {
      const { params, level } = withFidelity.split(trial.params);
      return level === index ? [{ ...trial, params } as Trial<P>] : [];
    });
    return {
      ...stageOf(trials, study.goal),
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
    ...(await bestResult(target.best, target.trials)),
    fidelities: stages,
    spent: spent.reduce((sum, cost) => sum + cost, 0),
    study,
  };
}

/** The evaluation with the seconds that it took, where it does not say so itself. */
function withDuration(result: Evaluation, seconds: number): Evaluation {
  if (typeof result === 'number') return { value: result, metrics: { [secondsMetric]: seconds } };
  if ('state' in result && result.state !== 'complete') return result;
  return { ...result, metrics: { [secondsMetric]: seconds, ...result.metrics } };
}
