import { existsSync } from 'node:fs';
import { type LocalStudy, type OptimizeResult, piecesOf } from '@foothold/study';
import type { Progress } from '../progress.ts';
import { objectivesInFull, trialInFull } from '../trial-text.ts';
import type { PiecesOfTraining } from './command-objective.ts';
import { endOf, heldNotes, sayStopped } from './ended-run.ts';
import type { Stoppable } from './stoppable.ts';
import type { TuneOptions } from './tune-options.ts';
import { withoutBest } from './without-best.ts';
import { writeReport } from './write-report.ts';

/** The report, the best trial, and why the run ended. */
export async function sayEnd(
  {
    study,
    result,
    note,
    pieces,
  }: {
    readonly study: LocalStudy;
    readonly result: OptimizeResult;
    readonly note: Progress['note'];
    readonly pieces: PiecesOfTraining | undefined;
  },
  options: TuneOptions,
  run: Stoppable,
): Promise<void> {
  if (options.report) {
    const { name } = study;
    note(
      `report: ${await writeReport(options.report, { title: name, names: [name], storage: options.storage })}`,
    );
  }
  await sayBest(study, options, endOf(result, run.reason()));
  await sayCheckpoint(study, pieces, note);
  sayStopped(run.reason(), note);
  if (run.reason()) return;
  if (result.stopped !== 'trials') note(`stopped: ${result.reason}`);
  for (const line of heldNotes(await study.held())) note(line);
}

/** Where the checkpoint of the best trial is. */
export async function sayCheckpoint(
  study: LocalStudy,
  pieces: PiecesOfTraining | undefined,
  note: Progress['note'],
): Promise<void> {
  const best = await study.best();
  if (!best || !pieces?.folders) return;
  const { number: configuration } = piecesOf(await study.trials(), pieces, await study.deletedTrials()).find(
    ({ pieces: own }) => own.some(({ number }) => number === best.number),
  )!;
  const folder = pieces.folders.folderOf({ configuration, to: Number(best.params[pieces.name]) });
  note(existsSync(folder) ? `its checkpoint: ${folder}` : `its checkpoint is not there: ${folder}`);
}

async function sayBest(
  study: LocalStudy,
  { json: asJson, storage, metric }: TuneOptions,
  end: { readonly stopped: string; readonly reason: string },
): Promise<void> {
  const best = await study.best();
  const front = study.goal.objectives && (await study.pareto());
  if (asJson)
    process.stdout.write(`${JSON.stringify({ study: study.name, best: best ?? null, front, ...end })}\n`);
  else if (best && front)
    for (const trial of front) process.stdout.write(`front ${objectivesInFull(trial, study.goal, metric)}\n`);
  else if (best) process.stdout.write(`best value ${trialInFull(best)}\n`);
  else
    process.stdout.write(
      `${await noBest(study)}; \`foothold report ${study.name} --storage ${storage}\` shows why\n`,
    );
  if (!best) process.exitCode ||= 1;
}

async function noBest(study: LocalStudy): Promise<string> {
  const { fidelity } = study.goal;
  const trials = await study.trials();
  return withoutBest(
    trials,
    fidelity ? trials.filter(({ params }) => params[fidelity.name] === fidelity.max) : trials,
  );
}
