import { InvalidArgumentError, type Params } from '@foothold/core';
import { withTrainingFidelity } from '@foothold/space';
import {
  anyOf,
  checkedFidelity,
  checkpointFolders,
  enqueueOnce,
  type LocalStudy,
  optimize,
  trainingBudget,
  trainingBudgetRule,
} from '@foothold/study';
import { bestResult } from '../best-result.ts';
import { createStudy, type StudyOptions } from '../create-study.ts';
import type { MinimizeResult, TrainingOptions } from '../minimize-options.ts';
import { curveSampler } from './curve-sampler.ts';
import { pieceObjective, withoutFidelity } from './piece-objective.ts';
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
  const folders = await foldersOf(study, checkpointDirectory);
  const evaluation = pieceObjective(objective, { name: fidelity.name, folders });
  for (const params of enqueue) await enqueueOnce(study, params);
  const rule = trainingBudgetRule(study, { fidelity, budget });
  const { stopped, reason } = await optimize(study, evaluation, {
    ...{ concurrency, timeout, signal, onTrial, failures },
    stop: stop ? anyOf(rule, stop) : rule,
  });
  const all = await study.trials();
  const { value, best, params } = await bestResult(await study.best(), all, study.goal);
  return { value, best, params: withoutFidelity(params, fidelity.name), trials: all, stopped, reason, study };
}

async function foldersOf<P extends Params>(study: LocalStudy<P>, directory: string | undefined) {
  if (directory === undefined) return undefined;
  const fidelity = study.goal.fidelity!;
  const isBegun = async () => (await study.trials()).length + (await study.deletedTrials()).length > 0;
  return checkpointFolders(directory, { study: study.name, fidelity, isBegun });
}
