import type { Params, Storage, Trial } from '@foothold/core';
import {
  createStudy,
  type ObjectiveFunction,
  optimize,
  pruners,
  smallToLarge,
  spaceOf,
} from '@foothold/optimize';
import { type StudyState, studyRecord } from '@foothold/study';
import { proxy } from 'comlink';
import type { Stage } from '../objective/objective-messages.ts';
import { lastKept } from '../objective/printed-lines.ts';
import { describedBy } from '../workspace/study-program.ts';
import type { TuningHost, TuningRequest, TuningResult } from './tuning-messages.ts';

/** Where a run is, and what ends it. */
export interface RunPlace {
  readonly storage: Storage;
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Every tab is the same worker of its studies: a lock lets one of them run a study at a time. */
const owner = 'this browser';
/** Milliseconds after which a tab that was closed counts as gone; one that is there renews three times as often. */
const leaseMs = 15_000;

/**
 * Runs a study, or both stages of one, to the number of trials, from where it stands. A failed trial ends the run while none is
 * complete: the program is then likely to be wrong, not the point.
 */
export async function runStudy(
  request: TuningRequest,
  host: TuningHost,
  place: RunPlace,
): Promise<TuningResult> {
  const ending = new AbortController();
  const signal = AbortSignal.any([place.signal, ending.signal]);
  const run = { request, host, place: { ...place, signal }, ending };
  try {
    if (request.hasSmall) await runStages(run);
    else await runOne(run);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (place.signal.aborted) return { stopped: 'paused', reason: 'it was paused' };
  if (ending.signal.aborted) return { stopped: 'failed', reason: 'the first trials failed' };
  return { stopped: 'done', reason: 'all trials are done' };
}

interface Run {
  readonly request: TuningRequest;
  readonly host: TuningHost;
  readonly place: RunPlace;
  /** Ends the run at the first failures. */
  readonly ending: AbortController;
}

async function runOne(run: Run): Promise<void> {
  const { request, place } = run;
  const { name, space, settings } = request;
  const { direction, seed, trials, prunes } = settings;
  const study = createStudy({
    ...{ space: spaceOf(space), storage: place.storage, name, direction, seed, trials },
    ...{ clock: place.clock, lease: { owner, ms: leaseMs } },
    ...(prunes && { pruner: pruners.medianPruner() }),
  });
  await optimize(study, objectiveOf(run, { stage: 'large', study: name }), {
    trials,
    signal: place.signal,
    onTrial: (trial) => onTrial(run, name, trial),
  });
}

async function runStages(run: Run): Promise<void> {
  const { request, place } = run;
  const { name, space, settings } = request;
  const { direction, seed, trials, smallTrials } = settings;
  await smallToLarge({
    ...{
      space: spaceOf(space),
      storage: place.storage,
      name,
      direction,
      seed,
      smallTrials,
      largeTrials: trials,
    },
    ...{ clock: place.clock, lease: { owner, ms: leaseMs }, signal: place.signal },
    small: objectiveOf(run, { stage: 'small', study: `${name}-small` }),
    large: objectiveOf(run, { stage: 'large', study: `${name}-large` }),
    onTrial: (trial, stage) => onTrial(run, `${name}-${stage}`, trial),
  });
}

/** The program's function in the page's worker, with what it printed kept in the log. */
function objectiveOf(
  { request, host, place }: Run,
  { stage, study }: { readonly stage: Stage; readonly study: string },
): ObjectiveFunction {
  const record = studyRecord(place.storage, study, { clock: place.clock });
  let isDescribed = false;
  return async (params, { number, report, note }) => {
    if (!isDescribed) await record.describe(describedBy(request));
    isDescribed = true;
    const asked = { stage, number, params: params as Params };
    const answer = await host.evaluate(
      asked,
      proxy(async (step: number, value: number) => {
        try {
          await report(step, value);
          return 'continue';
        } catch (error) {
          if (error instanceof Error && error.name === 'TrialPruned') return 'prune';
          throw error;
        }
      }),
    );
    if (answer.lines.length > 0) await note({ output: lastKept(answer.lines) });
    if ('returned' in answer) return answer.returned;
    const { name, message, line } = answer.thrown;
    throw Object.assign(new Error(line === undefined ? message : `${message} (line ${line})`), { name });
  };
}

async function onTrial({ ending, place }: Run, study: string, trial: Trial): Promise<void> {
  if (trial.state !== 'failed') return;
  const { trials }: StudyState = await studyRecord(place.storage, study).state();
  if (!trials.some(({ state }) => state === 'complete')) ending.abort();
}
