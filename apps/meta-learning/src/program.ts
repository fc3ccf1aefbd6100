import { createHash } from 'node:crypto';
import { loadBackend } from '@foothold/app-small-to-large/backend';
import { type ImageSet, readImages } from '@foothold/app-small-to-large/images';
import { reportFile } from '@foothold/app-small-to-large/report-file';
import type { Terminal } from '@foothold/app-small-to-large/terminal';
import { seeded } from '@foothold/core';
import { fileStorage } from '@foothold/study';
import { experiment, methods } from './experiment.ts';
import { objectiveOf } from './objective.ts';
import type { Flags } from './options.ts';
import { progress } from './progress.ts';
import { reportOf } from './report.ts';
import { type MethodSummary, summaryOf, summaryText } from './summary.ts';
import { articles, earlierTasks, newTask, type Task, type TaskPlan, tasksOf } from './tasks.ts';

export interface RunOptions {
  readonly to: Terminal;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/**
 * The whole comparison: images, earlier tasks, the new task by every method, tables, report.
 *
 * Evaluations that the folder of the studies already has are not made again. Rejects with what is wrong, or with the
 * signal's reason.
 */
export async function run(flags: Flags, { to, signal, now }: RunOptions): Promise<readonly MethodSummary[]> {
  const report = await reportFile(flags.report);
  const set = await readImages(flags.data);
  const plans = earlierTasks.slice(0, flags.earlierTasks);
  const sizes = { train: flags.train, validation: flags.validation, test: Infinity };
  const [task, ...earlier] = tasksOf(set, [newTask, ...plans], { sizes, rng: seeded(flags.seed) });
  const tf = await loadBackend(flags.backend);
  const lines = sizesText(flags, task!);
  to.line(`${to.paint('bold', 'Meta-learning')} on ${flags.data}`);
  for (const line of lines) to.line(line);
  to.line();

  const objective = (of: Task, seed: string) => {
    const { patience, plateau } = flags;
    return objectiveOf(tf, {
      task: of,
      rng: seeded(flags.seed).fork('network').fork(seed),
      patience,
      plateau,
      now,
    });
  };
  const begun = now();
  const show = progress(to, {
    trialsOf: ({ kind }) => (kind === 'earlier' ? flags.earlierTrials : flags.trials),
    total: flags.earlierTasks * flags.earlierTrials + methods.length * flags.repeats * flags.trials,
    now,
  });
  const result = await experiment({
    ...flags,
    earlier: plans.map(({ name }) => name),
    objective: (stage) =>
      stage.kind === 'earlier'
        ? objective(earlier.find(({ name }) => name === stage.task)!, stage.task)
        : objective(task!, `repeat ${stage.repeat}`),
    now,
    signal,
    storage: fileStorage(flags.dir),
    name: fingerprint(flags, set),
    onTaken: show.taken,
    onTrial: show.trial,
  });
  to.line();
  const summary = summaryOf(result);
  for (const line of summaryText(summary)) to.line(line);
  to.line();
  to.line(`${((now() - begun) / 1000).toFixed(0)} s in this run.`);
  to.line(await report.write(await reportOf(result, { summary, sizes: lines })));
  return summary;
}

const classesText = ({ name, classes }: TaskPlan) =>
  `${name} (${classes.map((c) => articles[c]).join(', ')})`;

/** Eight characters that differ where trials may not be compared, or would not be the same: other images, sizes, seed. */
function fingerprint({ report, dir, data, repeats, ...facts }: Flags, { train, test }: ImageSet): string {
  const ordered = Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(JSON.stringify(ordered));
  for (const { pixels, labels } of [train, test]) hash.update(pixels).update(labels);
  return hash.digest('hex').slice(0, 8);
}

/** What is compared, and how large it is. */
function sizesText(flags: Flags, task: Task): readonly string[] {
  const plans = earlierTasks.slice(0, flags.earlierTasks);
  return [
    `New task: ${classesText(newTask)}; ${flags.trials} evaluations by each method, ${flags.repeats} times.`,
    `Earlier tasks: ${plans.map(classesText).join('; ')}; ${flags.earlierTrials} evaluations each.`,
    `Images of each class: ${flags.train} to learn from, ${flags.validation} to judge settings by; ${task.test.labels.length} test images in all. Backend ${flags.backend}, seed ${flags.seed}.`,
  ];
}
