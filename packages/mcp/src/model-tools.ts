/** What the Gaussian process of a study says, as the dashboard shows it. */
import { FitError, type Storage } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { studyName } from '@foothold/protocol';
import { operationSchemas } from '@foothold/server';
import {
  beliefAt,
  minTrials,
  modelImportance,
  modelInputOf,
  pointsOf,
  type StudyModel,
  studyModel,
} from '@foothold/study-model';
import * as v from 'valibot';
import { studyState } from './study-state.ts';
import { reads, type StudyTool, studyTool } from './tool.ts';

const metric = v.optional(
  v.pipe(v.string(), v.description('an objective of the study; the first one by default')),
);

export function modelTools(storage: Storage): readonly StudyTool[] {
  const modelOf = fittedModels(storage);
  return [
    studyTool({
      name: 'belief',
      description:
        'What the model of the study believes at parameters: mean, a 90 % interval, the probability of a new best value',
      schema: v.strictObject({
        study: studyName,
        params: v.pipe(
          v.array(operationSchemas.enqueue.entries.params),
          v.minLength(1),
          v.maxLength(100),
          v.description('all parameters of each point'),
        ),
        metric,
      }),
      effects: reads,
      async call({ study, params, metric }, { signal }) {
        const model = await modelOf(study, metric);
        signal.throwIfAborted();
        const { mean, low, high, better } = await beliefAt(model, pointsOf(model, params));
        const beliefs = params.map((point, i) => ({
          params: point,
          mean: mean[i]!,
          interval: [low[i]!, high[i]!],
          probabilityBetter: better[i]!,
        }));
        return { beliefs, best: model.best, trials: model.trials };
      },
    }),
    studyTool({
      name: 'importance',
      description:
        "How much of the model's variation each parameter explains, alone and with its interactions, and each pair: Sobol indices with 90 % intervals",
      schema: v.strictObject({ study: studyName, metric }),
      effects: reads,
      async call({ study, metric }, { signal }) {
        const model = await modelOf(study, metric);
        const pause = async () => {
          await new Promise((next) => setImmediate(next));
          signal.throwIfAborted();
        };
        const { parameters, pairs, varies } = await modelImportance(model, { pause });
        return { parameters, pairs, varies, trials: model.trials };
      },
    }),
  ];
}

/** Models of the studies that were asked for last, each until its study has new events. */
function fittedModels(storage: Storage) {
  const known = new Map<string, { readonly events: number; readonly model: StudyModel }>();
  const linalg = wasm();
  return async (study: string, metric: string | undefined): Promise<StudyModel> => {
    const state = await studyState(storage, study);
    const input = modelInputOf(state, metric);
    const key = JSON.stringify([study, input.metric, state.created?.at]);
    const found = known.get(key);
    if (found?.events === state.length) return found.model;
    const model = await studyModel(input, await linalg);
    if (!model)
      throw new FitError(
        `there is too little to learn from: the model needs ${minTrials} complete trials, one of which keeps the limits`,
      );
    known.delete(key);
    known.set(key, { events: state.length, model });
    if (known.size > manyModels) known.delete(known.keys().next().value!);
    return model;
  };
}

/** Models that are kept: agents look at few studies at a time, and each may hold a matrix of some megabytes. */
const manyModels = 4;
