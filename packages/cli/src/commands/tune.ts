import type { Json, Params } from '@foothold/core';
import { createStudy, fileStorage, optimize } from '@foothold/study';
import { json } from '../options.ts';
import { paramsText, progress } from '../progress.ts';
import { readSpace } from '../read-space.ts';
import { samplerNamed } from '../sampler-named.ts';
import { sourcesOf } from '../sources-of.ts';
import { UsageError } from '../usage-error.ts';
import { commandNotes, commandObjective } from './command-objective.ts';
import { interruptible } from './interruptible.ts';
import { studyName } from './study-name.ts';
import { refuseUnwritable, writeReport } from './write-report.ts';

export interface TuneOptions {
  readonly space: string;
  readonly run: string;
  readonly direction: 'minimize' | 'maximize';
  /** False where the direction is the default. */
  readonly directionGiven?: boolean;
  readonly metric?: string;
  readonly trials: number;
  readonly timeout?: number;
  readonly concurrency: number;
  readonly storage: string;
  readonly name?: string;
  readonly seed: number;
  readonly sampler: string;
  readonly enqueue?: readonly string[];
  readonly from?: readonly string[];
  readonly method?: string;
  readonly gated?: boolean;
  readonly features?: readonly number[];
  readonly shell?: boolean;
  readonly report?: string;
  readonly json?: boolean;
}

/** `foothold tune`: runs the command until `trials` evaluations are done in all, and prints the best one. */
export async function tune(options: TuneOptions): Promise<void> {
  const space = readSpace(options.space);
  const names = space.columns.map((column) => column.name);
  const objective = commandObjective({
    ...options,
    names,
    refuseAccuracy: options.directionGiven === false && options.direction === 'minimize',
    onFirstReading: (reads) => bar.note(`reads ${reads}`),
  });
  refuseUnwritable('--report', options.report);
  for (const option of ['method', 'gated', 'features'] as const)
    if (options[option] !== undefined && options.from === undefined)
      throw new UsageError(`--${option} goes with --from: it says how earlier studies take part`);
  const enqueued = (options.enqueue ?? []).map((text) => json('--enqueue', text) as Params);
  for (const params of enqueued) space.encode(params);
  const name =
    options.name ??
    studyName(options.run, [space.description, options.direction, options.metric, options.seed]);
  const sources = await sourcesOf(
    (options.from ?? []).map((path) => ({ path })),
    options.storage,
  );
  const study = createStudy<Params>({
    space,
    sampler: samplerNamed(options.sampler, {
      sources,
      method: options.method,
      gated: options.gated,
      metaFeatures: options.features,
    }),
    direction: options.direction,
    storage: fileStorage(options.storage),
    name,
    seed: options.seed,
    budget: options.trials,
  });
  const before = await study.trials();
  const finished = before.filter(({ state }) => state !== 'running').length;
  const bar = progress(process.stderr, {
    total: options.trials,
    done: finished,
    best: await study.best(),
    direction: options.direction,
    now: () => performance.now(),
  });
  bar.note(
    finished > 0
      ? `study ${name}: ${finished} of ${options.trials} trials are done, ${finished < options.trials ? 'going on' : 'a larger --trials goes on'}`
      : `study ${name} in ${options.storage}`,
  );
  for (const note of commandNotes({ ...options, names })) bar.note(note);
  if (before.length === 0) for (const params of enqueued) await study.enqueue(params);
  let noted = before.length > 0;

  const { stopped } = await interruptible((signal) =>
    optimize(study, objective, {
      total: options.trials,
      concurrency: Math.min(options.concurrency, options.trials),
      signal,
      onTrial: (trial) => {
        if (!noted) for (const line of unusedLines(trial.why?.['unused'])) bar.note(line);
        noted = true;
        bar.trial(trial);
      },
    }),
  );
  bar.end();
  const best = await study.best();
  if (options.report) bar.note(`report: ${await writeReport(study, options.report)}`);
  if (options.json) process.stdout.write(`${JSON.stringify({ study: name, best: best ?? null })}\n`);
  else if (best)
    process.stdout.write(
      `best value ${best.value} (trial ${best.number}): ${paramsText(best.params, String)}\n`,
    );
  else
    process.stdout.write(
      `no trial completed; \`foothold report ${name} --storage ${options.storage}\` shows why\n`,
    );
  if (stopped === 'signal') {
    bar.note('stopped; the same line goes on from here');
    process.exitCode = 130;
  } else if (stopped === 'exhausted') bar.note('every point of the space has been tried');
  if (!best) process.exitCode ||= 1;
}

/** What of each earlier study could not be used, a line a kind. */
function unusedLines(unused: Json | undefined): readonly string[] {
  if (typeof unused !== 'object' || unused === null) return [];
  return Object.entries(unused as Readonly<Record<string, readonly string[]>>).flatMap(([source, notes]) =>
    notes.map((note) => `earlier study ${source}: ${note}`),
  );
}
