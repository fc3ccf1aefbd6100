import type { Operation } from './operations.ts';

/** What each operation does, in a line: for the OpenAPI document, and for tools of agents. */
export const operationSummaries: Readonly<
  Record<Operation | 'create' | 'studies' | 'study' | 'best' | 'trials', string>
> = {
  create: 'Makes a study, or takes the one of this name',
  studies: 'Summaries of all studies',
  study: 'What the study is',
  best: 'The best trial, and the Pareto front',
  trials: 'All trials',
  ask: 'Claims the next trials for the worker that asks',
  tell: 'Records how a trial ended; the same outcome twice is one',
  report: "Records an intermediate value; the answer is the pruner's decision",
  enqueue: 'Puts parameters at the end of the queue',
  load: 'Adds past evaluations',
  note: 'Writes attributes and a note of a trial, or of the study',
  edit: 'Gives the study another space or other limits from here on',
  release: 'Gives a running trial back, whoever has it, so that the next ask gives it out again',
  delete: 'Deletes a trial: it counts nowhere from here on, and the log keeps it',
  restore: 'Restores a deleted trial',
  renew: 'Restarts the lease of a running trial',
  fail: 'Ends a running trial, whoever has it',
  stop: 'Lets no trial be asked for any more',
  resume: 'Lets trials be asked for again',
  rename: 'Gives the study another name',
  copy: 'Copies the study with its history',
};
