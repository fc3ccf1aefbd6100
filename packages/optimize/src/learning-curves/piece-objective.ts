import { type Params, TrialStateError } from '@foothold/core';
import { type CheckpointFolders, type ObjectiveFunction, outcomeOfEvaluation } from '@foothold/study';
import type { TrainingFunction } from './training-function.ts';

/**
 * An objective that calls `train` with the configuration, without the fidelity of this name, and its piece in the context; with a folder for its
 * checkpoint where there are folders.
 */
export function pieceObjective<P extends Params>(
  train: TrainingFunction<P>,
  { name, folders }: { readonly name: string; readonly folders?: CheckpointFolders | undefined },
): ObjectiveFunction<P> {
  return async (given, { piece, ...context }) => {
    const params = withoutFidelity(given, name);
    const folder = await folders?.prepared(piece!, params);
    const result = await train(params, {
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

/** The parameters without the fidelity of this name. */
export function withoutFidelity<P extends Params>(params: P, name: string): P {
  const { [name]: _, ...configuration } = params as Params;
  return configuration as P;
}
