import type {
  Goal,
  Json,
  OutcomeConstraint,
  ParameterDescription,
  Params,
  SpaceDescription,
} from '@foothold/core';
import { type StudyEditResult, type StudyState, studyRecord } from '@foothold/study';
import { readSpace } from '../read-space.ts';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { paramsText } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { storedState } from './stored-events.ts';
import { spaceChanges, textOfChange } from './study-changes.ts';

export interface EditStudyOptions {
  readonly storage: string;
  /** The whole new space: a JSON file, or JSON text. */
  readonly space?: string;
  /** `name=low..high`: another range. */
  readonly range?: readonly string[];
  /** `name=value`: what earlier trials have for a new parameter. */
  readonly value?: readonly string[];
  /** `metric<=limit` or `metric>=limit`: all limits from now on; `none` takes them away. */
  readonly limit?: readonly string[];
  readonly json?: boolean;
}

/** `foothold edit STUDY`: another space or other limits from here on; prints what changed. */
export async function editStudy(name: string, options: EditStudyOptions): Promise<void> {
  const before = await storedState(name, options.storage);
  const record = studyRecord(studiesIn(options.storage), name, { clock: () => Date.now() });
  if (!options.space && !options.range && !options.limit)
    throw new UsageError('edit: give --space or --range for another space, or --limit for other limits');
  const result = await record.edit({
    space: await spaceOfLine(before, options),
    goal: options.limit && goalOfLine(before, options.limit),
    values: options.value && Object.fromEntries(options.value.map(valueOfText)),
  });
  const after = await record.state();
  const changes = [...spaceChanges(before.space, after.space), ...limitChanges(before.goal, after.goal)];
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ study: name, ...result, space: after.space, goal: after.goal })}\n`
      : `${textOf(name, { changes, result, trials: after.trials.length }).join('\n')}\n`,
  );
}

function textOf(
  name: string,
  {
    changes,
    result,
    trials,
  }: { readonly changes: readonly string[]; readonly result: StudyEditResult; readonly trials: number },
): readonly string[] {
  const { changed, outside, dequeued } = result;
  if (!changed) return [`study ${name} has this space and these limits already`];
  return [
    `study ${name} is edited:`,
    ...changes.map((change) => `  ${change}`),
    `${outside.length} of ${trials} trials are outside of the space now: models still learn of them`,
    ...dequeued.map((params) => `no longer enqueued: ${paramsText(params, String)}`),
  ];
}

async function spaceOfLine(
  { space: now, configured, goal }: StudyState,
  { space, range = [] }: EditStudyOptions,
): Promise<SpaceDescription | undefined> {
  if (!space && range.length === 0) return undefined;
  const given = space ? (await readSpace(space)).description! : now;
  const whole: Record<string, ParameterDescription> = withFidelity(
    given,
    now,
    goal?.fidelity?.name ?? fidelityOf(configured?.sampler),
  );
  for (const text of range) {
    const [, name = '', low, high] = /^(.+)=([^=]+?)\.\.([^=]+)$/.exec(text) ?? [];
    const parameter = Object.hasOwn(whole, name) ? whole[name] : undefined;
    const ends = [Number(low), Number(high)] as const;
    if (!parameter || !('low' in parameter) || !ends.every(Number.isFinite))
      throw new UsageError(
        `--range: ${printable(text)} is no range of a number of the study; write NAME=LOW..HIGH, as in lr=1e-5..0.1`,
      );
    whole[name] = { ...parameter, low: ends[0], high: ends[1] };
  }
  return whole;
}

/** The name of the fidelity that the sampler of several has. */
function fidelityOf(sampler: Json | undefined): string | undefined {
  const { name, options } = (sampler ?? {}) as { readonly name?: Json; readonly options?: Json };
  const { fidelity } = (options ?? {}) as { readonly fidelity?: Json };
  return name === 'multi-fidelity' && typeof fidelity === 'string' ? fidelity : undefined;
}

/** The space with the fidelity of the study last, as `small-to-large` and `tune --fidelity` have it, whose `--space` does not name it. */
function withFidelity(
  given: SpaceDescription | undefined,
  now: SpaceDescription | undefined,
  fidelity: string | undefined,
): Record<string, ParameterDescription> {
  if (fidelity === undefined) return { ...given };
  const { [fidelity]: own = now?.[fidelity], ...rest } = given ?? {};
  return { ...rest, ...(own && { [fidelity]: own }) };
}

/** `name=value`, the value as JSON, or else a text. */
function valueOfText(text: string): readonly [string, Params[string]] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--value: ${printable(text)} is not NAME=VALUE`);
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value) as Params[string]];
  } catch {
    return [text.slice(0, at), value];
  }
}

function goalOfLine({ goal }: StudyState, limits: readonly string[]): Goal {
  const isNone = limits.length === 1 && limits[0] === 'none';
  return { ...goal!, constraints: isNone ? [] : limits.map(limitOfText) };
}

function limitOfText(text: string): OutcomeConstraint {
  const [, metric = '', sign, bound] = /^(.+?)([<>])=(.+)$/.exec(text) ?? [];
  const value = Number(bound);
  if (sign === undefined || !Number.isFinite(value))
    throw new UsageError(`--limit: ${printable(text)} is neither METRIC<=NUMBER nor METRIC>=NUMBER nor none`);
  return sign === '<' ? { metric, atMost: value } : { metric, atLeast: value };
}

function limitChanges(before: Goal | undefined, after: Goal | undefined): readonly string[] {
  const text = (goal: Goal | undefined) =>
    (goal?.constraints ?? [])
      .map((limit) =>
        'atMost' in limit ? `${limit.metric}<=${limit.atMost}` : `${limit.metric}>=${limit.atLeast}`,
      )
      .join(', ') || 'none';
  return text(before) === text(after)
    ? []
    : [textOfChange({ option: '--limit', before: text(before), now: text(after) })];
}
