import { isDeepStrictEqual } from 'node:util';
import type { Json, Objective, SpaceDescription, TrainingFidelity } from '@foothold/core';
import { type StudyRecord, type StudyState, studyRecord } from '@foothold/study';
import { studiesIn } from '../studies-in.ts';
import { fidelityText } from '../training/training-of-flags.ts';
import { UsageError } from '../usage-error.ts';
import { changedLine } from './changed-line.ts';

/** What this line says of a study that may exist already. */
export interface MeantStudy {
  /** Absent where the library makes the space. */
  readonly space?: SpaceDescription | undefined;
  readonly direction: string;
  /** Absent where the value is the only one. */
  readonly objectives?: readonly Objective[] | undefined;
  /** Absent: that of the study. */
  readonly seed?: number | undefined;
  readonly facts: CommandFacts;
  /** Absent where each trial is a whole evaluation. */
  readonly fidelity?: TrainingFidelity | undefined;
  /** False where the command cannot start from another study. */
  readonly takesFrom?: boolean | undefined;
}

/** How trials are evaluated, as the study's log keeps it. */
export interface CommandFacts {
  readonly run: string;
  readonly metric?: string | undefined;
  readonly shell?: boolean | undefined;
  /** The score matrix whose cells are the trials. */
  readonly matrix?: Json | undefined;
  /** What workers that start later go by. */
  readonly worker?: Json | undefined;
}

export interface StudyOptions {
  readonly storage: string;
  readonly acceptCommand?: boolean | undefined;
  readonly retryFailed?: boolean | undefined;
}

/** A study as it was found before the run. */
export interface FoundStudy {
  readonly state: StudyState;
  readonly record: StudyRecord;
  /** What was done about changes and failures, for people. */
  readonly notes: readonly string[];
  /** Writes down how trials are evaluated, once the study exists. */
  remember(): Promise<void>;
}

const defaultStorage = 'foothold-studies';

interface Change {
  readonly option: string;
  readonly before: unknown;
  readonly now: unknown;
}

/**
 * Looks at the study of this name before it is opened. Another command (or metric, or use of the shell) under the name of a
 * study without a complete trial is taken for the corrected one: the failures of the one before are evaluated again.
 *
 * Throws UsageError, which names each change and a line that goes on from the study under another name: for another
 * command under the name of a study with complete trials, unless it is accepted, and for another space, direction or seed.
 */
export async function foundStudy(
  name: string,
  meant: MeantStudy,
  options: StudyOptions,
): Promise<FoundStudy> {
  const record = studyRecord(studiesIn(options.storage), name, { clock: () => Date.now() });
  const state = await record.state();
  const facts = factsOf(meant.facts);
  const notes: string[] = [];
  const found = (now: StudyState): FoundStudy => ({
    state: now,
    record,
    notes,
    remember: () => describe(record, facts),
  });
  if (!state.created) return found(state);
  const hasComplete = state.trials.some((trial) => trial.state === 'complete' && !trial.loaded);
  const ofStudy = studyChanges(state, meant);
  const ofCommand = commandChanges(state.facts, facts);
  if (ofStudy.length > 0 || (ofCommand.length > 0 && hasComplete && !options.acceptCommand))
    throw new UsageError(
      await refusal(name, {
        ofStudy,
        ofCommand,
        takesFrom: hasComplete && meant.takesFrom !== false,
        storage: options.storage,
        edits: state.edits,
      }),
    );
  if (ofCommand.length > 0) {
    const again = await reopened(record);
    await describe(record, facts);
    notes.push(`study ${name} goes on with a change: ${ofCommand.map(textOfChange).join('; ')}`);
    if (again > 0) notes.push(`${again} trials that failed before it are evaluated again`);
  } else if (options.retryFailed) {
    const again = await reopened(record);
    notes.push(
      again > 0
        ? `${again} failed trials are evaluated again`
        : `study ${name} has no failed trials to evaluate again`,
    );
  }
  return found(await record.state());
}

/** How many failed trials are evaluated again. Failures that a worker counted before count no more. */
async function reopened(record: StudyRecord): Promise<number> {
  const { failuresAttribute } = await import('@foothold/worker');
  return record.reopenFailed({ without: [failuresAttribute] });
}

function factsOf({ run, metric, shell, matrix, worker }: CommandFacts): Readonly<Record<string, Json>> {
  return {
    run,
    ...(metric === undefined ? {} : { metric }),
    shell: shell === true,
    ...(matrix === undefined ? {} : { matrix }),
    ...(worker === undefined ? {} : { worker }),
  };
}

/** Writes down how trials are evaluated, beside what other programs keep there: a server its settings. */
async function describe(record: StudyRecord, facts: ReturnType<typeof factsOf>): Promise<void> {
  const { run: _, metric: __, shell: ___, ...others } = (await record.state()).facts ?? {};
  await record.describe({ ...others, ...facts });
}

function studyChanges({ space, goal, created }: StudyState, meant: MeantStudy): readonly Change[] {
  const ofFidelity = [fidelityText(goal?.fidelity), fidelityText(meant.fidelity)] as const;
  const names = [goal?.fidelity?.name, meant.fidelity?.name].map((name) => `--space ${name}`);
  const changes: Change[] = parameterChanges(space, meant.space).filter(
    ({ option }) => !names.includes(option),
  );
  if (goal && ofFidelity[0] !== ofFidelity[1])
    changes.push({ option: '--fidelity', before: ofFidelity[0], now: ofFidelity[1] });
  if (goal && goal.direction !== meant.direction)
    changes.push({ option: '--direction', before: goal.direction, now: meant.direction });
  const [before, now] = [goal?.objectives, meant.objectives].map(objectiveTexts);
  if (goal && !isDeepStrictEqual(before, now)) changes.push({ option: '--objective', before, now });
  if (meant.seed !== undefined && meant.seed !== created?.seed)
    changes.push({ option: '--seed', before: created?.seed, now: meant.seed });
  return changes;
}

/** What differs between two spaces, a text each. */
export function spaceChanges(
  before: SpaceDescription | undefined,
  now: SpaceDescription | undefined,
): readonly string[] {
  return parameterChanges(before, now).map(textOfChange);
}

/** The further objectives as the flag has them; undefined where there are none. */
function objectiveTexts(objectives: readonly Objective[] = []): readonly string[] | undefined {
  const texts = objectives
    .filter(({ metric }) => metric !== 'value')
    .map(({ metric, direction }) => `${metric}:${direction}`);
  return texts.length === 0 ? undefined : texts;
}

function parameterChanges(
  before: SpaceDescription | undefined,
  meant: SpaceDescription | undefined,
): readonly Change[] {
  if (!before || !meant) return [];
  const now = JSON.parse(JSON.stringify(meant)) as SpaceDescription;
  const changes = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => !isDeepStrictEqual(before[name], now[name]))
    .map((name): Change => ({ option: `--space ${name}`, before: before[name], now: now[name] }));
  if (changes.length > 0 || isDeepStrictEqual(Object.keys(before), Object.keys(now))) return changes;
  return [{ option: "--space, the parameters' order", before: Object.keys(before), now: Object.keys(now) }];
}

/** None for a log that an earlier version wrote, without facts. */
function commandChanges(then: StudyState['facts'], now: Readonly<Record<string, Json>>): readonly Change[] {
  if (then === undefined) return [];
  return ['run', 'metric', 'shell'].flatMap((fact) =>
    isDeepStrictEqual(then[fact], now[fact])
      ? []
      : [{ option: `--${fact}`, before: then[fact], now: now[fact] }],
  );
}

async function refusal(
  name: string,
  {
    ofStudy,
    ofCommand,
    takesFrom,
    storage,
    edits,
  }: {
    readonly ofStudy: readonly Change[];
    readonly ofCommand: readonly Change[];
    readonly takesFrom: boolean;
    readonly storage: string;
    readonly edits: StudyState['edits'];
  },
): Promise<string> {
  const changes = [...ofStudy, ...ofCommand];
  let next = 2;
  const isTaken = async (other: string) =>
    (await studyRecord(studiesIn(storage), other).state()).created !== undefined;
  while (await isTaken(`${name}-${next}`)) next++;
  const otherFigure = changes.some(({ option }) => option === '--metric');
  const line = changedLine(process.argv.slice(2), {
    name: `${name}-${next}`,
    ...(takesFrom && { from: name }),
  });
  return [
    edits
      ? `the study ${name} in ${storage} was edited${editTimes(edits)}; this line differs from what it has now:`
      : `the study ${name} in ${storage} was made with another line:`,
    ...changes.map((change) => `  ${textOfChange(change)}`),
    `Another name makes another study${takesFrom ? `, and --from starts it with what ${name} knows` : ''}:`,
    `  ${line}`,
    ...(ofStudy.some(({ option }) => option.startsWith('--space'))
      ? [
          `Or change the study itself, whose trials stay (--value NAME=VALUE for each new parameter):`,
          `  foothold edit ${name} --space FILE${storage === defaultStorage ? '' : ` --storage ${storage}`}`,
        ]
      : []),
    ...(otherFigure && takesFrom ? [`(--from helps where both figures prefer the same parameters.)`] : []),
    ...(ofStudy.length === 0 ? [`--accept-command goes on with ${name} all the same.`] : []),
  ].join('\n');
}

/** When the last edit was, where the log has times. */
function editTimes(edits: NonNullable<StudyState['edits']>): string {
  const at = edits.at(-1)?.at;
  return at === undefined ? '' : ` at ${new Date(at).toISOString()}`;
}

/** An option with its values before and now. */
export function textOfChange({ option, before, now }: Change): string {
  return `${option}: ${text(before)} before, ${text(now)} now`;
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
