import { InvalidArgumentError, type Params, TrialStateError } from '@foothold/core';
import { withTrainingFidelity } from '@foothold/space';
import {
  anyOf,
  checkedFidelity,
  checkpointFolders,
  enqueueOnce,
  type LocalStudy,
  type ObjectiveFunction,
  optimize,
  outcomeOfEvaluation,
  trainingBudget,
  trainingBudgetRule,
} from '@foothold/study';
import { bestResult } from '../best-result.ts';
import { createStudy, type StudyOptions } from '../create-study.ts';
import type { MinimizeResult, TrainingOptions } from '../minimize-options.ts';
import { curveSampler } from './curve-sampler.ts';
import type { TrainingFunction } from './training-function.ts';

/** `minimize` and `maximize` of a study whose trials are pieces of training. */
export async function minimizePieces<P extends Params>(
  objective: TrainingFunction<P>,
  options: TrainingOptions<P> & Pick<StudyOptions<P>, 'space' | 'direction'>,
): Promise<MinimizeResult<P>> {
  const { trials: trainings, enqueue = [], concurrency, timeout, signal, onTrial, ...rest } = options;
  const { failures, stop, budget: given, checkpointDirectory, sampler, linalg, ...goal } = rest;
  if (trainings !== undefined && given !== undefined)
    throw new InvalidArgumentError(
      'budget',
      given,
      'given without trials: trials × max is the default of it',
    );
  const fidelity = checkedFidelity(options.fidelity);
  const budget = trainingBudget({ fidelity, budget: given, trainings: trainings ?? 50 });
  const study = createStudy<P>({
    ...goal,
    space: withTrainingFidelity(options.space, fidelity),
    fidelity,
    sampler: curveSampler({ fidelity, budget, sampler, linalg }),
  });
  const evaluation = await pieceObjective(objective, study, checkpointDirectory);
  for (const params of enqueue) await enqueueOnce(study, params);
  const rule = trainingBudgetRule(study, { fidelity, budget });
  const { stopped, reason } = await optimize(study, evaluation, {
    ...{ concurrency, timeout, signal, onTrial, failures },
    stop: stop ? anyOf(rule, stop) : rule,
  });
  const all = await study.trials();
  const { value, best, params } = bestResult(await study.best(), all, study.goal);
  return { value, best, params: withoutFidelity(params, fidelity.name), trials: all, stopped, reason, study };
}

/** The objective with its piece in the context, and with a folder for its checkpoints where they have one. */
async function pieceObjective<P extends Params>(
  objective: TrainingFunction<P>,
  study: LocalStudy<P>,
  directory: string | undefined,
): Promise<ObjectiveFunction<P>> {
  const fidelity = study.goal.fidelity!;
  const isBegun = async () => (await study.trials()).length + (await study.deletedTrials()).length > 0;
  const folders =
    directory === undefined
      ? undefined
      : await checkpointFolders(directory, { study: study.name, fidelity, isBegun });
  return async (given, { piece, ...context }) => {
    const params = withoutFidelity(given, fidelity.name);
    const folder = await folders?.prepared(piece!, params);
    const result = await objective(params, {
      ...context,
      ...piece!,
      ...(folder && { checkpoint: folder.path }),
    });
    const { signal } = context;
    // Another worker has the trial. After a stop of the run, what was trained counts.
    if (signal.aborted && signal.reason instanceof TrialStateError) throw signal.reason;
    if (outcomeOfEvaluation(result).state === 'complete') await folder?.keep();
    return result;
  };
}

function withoutFidelity<P extends Params>(params: P, name: string): P {
  const { [name]: _, ...configuration } = params as Params;
  return configuration as P;
}
