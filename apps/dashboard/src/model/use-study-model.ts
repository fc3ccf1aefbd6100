import type { Trial } from '@foothold/core';
import type { ModelInput } from '@foothold/study-model';
import { useEffect, useState } from 'preact/hooks';
import type { LiveStudy } from '../study/live-study.ts';
import type { ShownObjective } from '../study/objectives.ts';
import { type ModelClient, modelClient } from './model-client.ts';
import { modelFollower, type ShownModel } from './model-follower.ts';

/** Milliseconds that new trials are collected for, before a model of them is asked for. */
const pause = 1000;

/** The model of a figure of a study, made again as trials end. The client is there while the component is. */
export function useStudyModel(
  study: LiveStudy,
  objective: ShownObjective,
): { readonly model: ShownModel; readonly client: ModelClient | undefined } {
  const [model, setModel] = useState<ShownModel>({ state: 'working' });
  const [worker, setWorker] = useState<ReturnType<typeof opened>>();
  useEffect(() => {
    const made = opened(setModel);
    setWorker(made);
    return () => made.client.close();
  }, []);
  const { state } = study;
  // Counted, not listed: a trial ends once, unless it is deleted, and an edit changes what all mean.
  const ended = state.trials.length - state.running.size;
  const edits = state.edits?.length ?? 0;
  useEffect(() => {
    if (!worker) return;
    const timer = setTimeout(
      () => worker.follower.want(inputOf(study, objective)),
      model.state === 'ready' ? pause : 0,
    );
    return () => clearTimeout(timer);
  }, [worker, ended, edits, state.deletions, objective.metric]);
  return { model, client: worker?.client };
}

function opened(show: (model: ShownModel) => void) {
  const client = modelClient();
  return { client, follower: modelFollower(client, show) };
}

function inputOf({ state }: LiveStudy, { metric, direction }: ShownObjective): ModelInput {
  const { space, goal, edits, trials, created } = state;
  const last = trials.findLast(({ samplerState }) => samplerState?.['model'])?.number;
  return {
    ...{ space: space!, goal: goal!, metric, direction, seed: created!.seed },
    ...(edits && { edits }),
    trials: trials.flatMap((trial) => (trial.state === 'running' ? [] : [posted(trial, last)])),
  };
}

/** A trial without what no model reads; only one state of the sampler is needed. */
function posted(trial: Trial, last: number | undefined): Trial {
  const { why: _why, samplerState, attributes: _attributes, note: _note, ...rest } = trial;
  return { ...rest, ...(trial.number === last && samplerState && { samplerState }) };
}
