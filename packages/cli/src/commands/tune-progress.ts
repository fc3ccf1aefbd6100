import { type LocalStudy, trainingSpent } from '@foothold/study';
import { furtherNames } from '../objective-flags.ts';
import { progress } from '../progress.ts';
import { missingCheckpointsNote } from '../training/missing-checkpoints-note.ts';
import type { Training } from '../training/training-of-flags.ts';
import { type TuneProgress, trainingProgress } from '../training/training-progress.ts';
import { commandNotes, type PiecesOfTraining } from './command-objective.ts';
import type { FoundStudy } from './study-changes.ts';
import type { TuneOptions } from './tune-options.ts';

/** The progress of a run, with what is said of the study before it begins. */
export async function tuneProgress(
  study: LocalStudy,
  {
    found,
    options,
    training,
    pieces,
  }: {
    readonly found: FoundStudy;
    readonly options: TuneOptions;
    readonly training: Training | undefined;
    readonly pieces: PiecesOfTraining | undefined;
  },
): Promise<TuneProgress> {
  const { trials, direction, storage } = options;
  const done = found.state.trials.filter(({ state, loaded }) => state !== 'running' && !loaded).length;
  const best = await study.best();
  const { state, record } = found;
  const now = () => Date.now();
  const further = furtherNames(study.goal.objectives);
  const bar: TuneProgress = training
    ? trainingProgress(process.stderr, {
        ...{ study, training, direction, earlier: state.trials, read: record.state, now },
      })
    : progress(process.stderr, {
        ...{ read: record.state, state, total: trials, done, best, direction, further, now },
      });
  for (const line of found.notes) bar.note(line);
  if (training && done > 0)
    bar.note(
      `study ${study.name}: ${await trainingSpent(study, training)} of ${training.budget} ${training.fidelity.name} are spent`,
    );
  else
    bar.note(
      done > 0
        ? `study ${study.name}: ${done} of ${trials} trials are done, ${done < trials ? 'going on' : 'a larger --trials goes on'}`
        : `study ${study.name} in ${storage}`,
    );
  if (training && pieces?.folders) {
    const known = { trials: state.trials, deleted: await study.deletedTrials() };
    const missing = missingCheckpointsNote(known, training.fidelity, pieces.folders);
    if (missing !== undefined) bar.note(missing);
  }
  const failed = found.state.trials.filter(({ state }) => state === 'failed').length;
  if (failed > 0) bar.note(`${failed} of them failed; --retry-failed evaluates them again`);
  const names = study.space.columns.map((column) => column.name!);
  for (const note of commandNotes({ ...options, names, training: pieces })) bar.note(note);
  return bar;
}
