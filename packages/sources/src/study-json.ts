import type { Goal, SpaceDescription, Trial } from '@foothold/core';
import { InvalidArgumentError } from '@foothold/core';
import type { StudyData } from '@foothold/study';
import * as v from 'valibot';
import { anyRecord } from './any-record.ts';
import type { ReadStudy } from './read-study-options.ts';
import { SourceError } from './source-error.ts';

/** Tells the file from other JSON. */
const format = 'foothold-study';
const version = 1;

/** A study as a JSON text: everything that `StudyData` has, its name, and the direction for programs that read it as a source. */
export function studyJson(name: string, study: StudyData): string {
  const { space, goal, seed, facts, attributes, note, edits, deleted, trials, queue } = study;
  const whole = {
    format,
    version,
    name,
    direction: goal.direction,
    goal,
    seed,
    space,
    facts,
    attributes,
    note,
    edits,
    queue,
    deleted,
    trials,
  };
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}

const trial = v.looseObject({
  number: v.number(),
  params: anyRecord,
  state: v.picklist(['complete', 'pruned', 'failed', 'running']),
  reports: v.optional(v.array(v.looseObject({ step: v.number(), value: v.number() })), []),
});
/** The frame; what stands in a trial is checked when it is written as events. */
const whole = v.object({
  name: v.string(),
  goal: v.looseObject({ direction: v.picklist(['minimize', 'maximize']) }),
  seed: v.number(),
  space: v.optional(anyRecord),
  facts: v.optional(anyRecord),
  attributes: v.optional(anyRecord),
  note: v.optional(v.string()),
  edits: v.optional(
    v.array(
      v.looseObject({
        trials: v.number(),
        space: v.boolean(),
        before: v.optional(anyRecord),
        goalBefore: v.optional(v.looseObject({ direction: v.picklist(['minimize', 'maximize']) })),
        values: anyRecord,
      }),
    ),
  ),
  queue: v.optional(v.array(anyRecord), []),
  deleted: v.optional(v.array(v.number())),
  trials: v.array(trial),
});

/** True for what `studyJson` writes, in any version. */
export function isStudyJson(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === format;
}

/** The study in the JSON of `studyJson`. Throws SourceError for another version, InvalidArgumentError that names the member that is wrong. */
export function studyOfJson(json: Readonly<Record<string, unknown>>, place: string): ReadStudy {
  if (json['version'] !== version)
    throw new SourceError(
      `${place} is a study in version ${JSON.stringify(json['version'])} of its form, known is ${version}: a newer version of this package reads it`,
    );
  const read = v.safeParse(whole, json);
  if (!read.success) {
    const [issue] = read.issues;
    throw new InvalidArgumentError(
      `${v.getDotPath(issue) ?? 'the study'} in ${place}`,
      issue.input,
      issue.message,
    );
  }
  const { name, goal, space, ...rest } = read.output;
  const study = {
    ...rest,
    goal: goal as Goal,
    ...(space && { space: space as SpaceDescription }),
    trials: rest.trials as unknown as readonly Trial[],
  } as StudyData;
  return { name, study, notes: [] };
}
