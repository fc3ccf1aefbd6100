import {
  type Goal,
  objectivesOf,
  type ParameterDescription,
  type SpaceDescription,
  type Trial,
} from '@foothold/core';
import {
  atTargetFidelity,
  paretoFront,
  type StudyState,
  type StudySummary,
  studyDataOf,
  studySummaryOf,
} from '@foothold/study';
import { ageText } from '../age-text.ts';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { textTable } from '../text-table.ts';
import { clock, objectivesInFull, outcomeText, paramsText, trialInFull } from '../trial-text.ts';
import { UsageError } from '../usage-error.ts';
import { storedState } from './stored-events.ts';

interface ShowOptions {
  readonly storage: string;
  readonly last: number;
  readonly space?: boolean;
  readonly trial?: number;
  readonly json?: boolean;
}

/** `foothold studies show NAME`. */
export async function studiesShow(name: string, options: ShowOptions): Promise<void> {
  const { storage, last, space, json, trial } = options;
  const state = await storedState(name, storage);
  if (trial !== undefined) return showTrial({ name, storage, state }, trial, json);
  const now = Date.now();
  if (space) {
    const description = state.space;
    if (!description)
      throw new UsageError(
        `the log of ${name} does not describe its space: it has constraints that are functions`,
      );
    process.stdout.write(`${JSON.stringify(description)}\n`);
    return;
  }
  const summary = studySummaryOf(name, state, { now })!;
  if (json) {
    const { trials: _, ...study } = studyDataOf(state)!;
    const trials = last === 0 ? [] : state.trials.slice(-last);
    process.stdout.write(
      `${JSON.stringify({ ...summary, ...study, configured: state.configured, trials })}\n`,
    );
    return;
  }
  process.stdout.write(shown({ state, summary, last, now }));
}

/** One trial with what its program printed. Throws UsageError where there is none of this number. */
async function showTrial(
  { name, storage, state }: { readonly name: string; readonly storage: string; readonly state: StudyState },
  number: number,
  json = false,
): Promise<void> {
  const trial = state.trials.find((other) => other.number === number) ?? state.deleted.get(number);
  if (!trial) throw new UsageError(`${name} has no trial ${number}: its trials are 0 to ${state.count - 1}`);
  const position = state.outputs.get(number);
  const [event] = position === undefined ? [] : await studiesIn(storage).read(name, position);
  const output = event?.type === 'printed' ? event.lines : [];
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...trial, output })}\n`);
    return;
  }
  const outcome: string =
    trial.state === 'deleted'
      ? `deleted${trial.outcome ? `, ${outcomeText({ ...trial, ...trial.outcome })} before` : ''}`
      : outcomeText(trial);
  const facts: readonly (readonly [string, string])[] = [
    ['trial', String(number)],
    ['state', outcome],
    ...Object.entries(trial.params).map(([key, value]) => [printable(key), String(value)] as const),
    ...Object.entries(trial.attributes ?? {}).map(([key, value]) => [printable(key), plain(value)] as const),
    ...(trial.note === undefined ? [] : [['note', printable(trial.note)] as const]),
  ];
  const printed =
    output.length === 0
      ? ''
      : `\nlast lines of its output:\n${output.map((line) => `  ${printable(line)}\n`).join('')}`;
  process.stdout.write(`${textTable(facts.map((row) => [...row]))}${printed}`);
}

interface Shown {
  readonly state: StudyState;
  readonly summary: StudySummary;
  readonly last: number;
  readonly now: number;
}

function shown({ state, summary, last, now }: Shown): string {
  const { seed } = state.created!;
  const { goal = state.created!.goal, space } = state;
  const { best, activity, counts, workers, createdAt, changedAt } = summary;
  const since = (ms: number | undefined) =>
    ms === undefined ? [] : [`${new Date(ms).toISOString()} (${ageText(now - ms)} ago)`];
  const front =
    (goal.objectives?.length ?? 0) > 1 ? paretoFront(state.trials.filter(atTargetFidelity(state)), goal) : [];
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ['study', [printable(summary.name)]],
    ['state', [activity]],
    ['trials', [countsText(counts)]],
    ['goal', goalTexts(goal)],
    ['best', best && front.length === 0 ? [trialInFull(best)] : []],
    ['front', front.slice(0, 10).map((trial) => objectivesInFull(trial, goal))],
    ['created', since(createdAt)],
    ['changed', since(changedAt)],
    [
      'workers',
      workers.map(
        ({ number, owner, isAlive }) =>
          `trial ${number} at ${printable(owner)}${isAlive === false ? ' (gone)' : ''}`,
      ),
    ],
    ['enqueued', state.queue.map((params) => paramsText(params as Trial['params']))],
    ...Object.entries(state.facts ?? {}).map(([key, value]) => [printable(key), [plain(value)]] as const),
    ['sampler', state.configured?.sampler === undefined ? [] : [plain(state.configured.sampler)]],
    ['program', state.configured?.program === undefined ? [] : [printable(state.configured.program)]],
    ['seed', [String(seed)]],
    ...Object.entries(state.attributes ?? {}).map(
      ([key, value]) => [printable(key), [plain(value)]] as const,
    ),
    ['note', state.note === undefined ? [] : [printable(state.note)]],
  ];
  const lines = facts.flatMap(([key, texts]) => texts.map((text, i) => [i === 0 ? key : '', text]));
  return `${textTable(lines)}${spaceText(space)}${trialsText(last === 0 ? [] : state.trials.slice(-last))}`;
}

function countsText(counts: StudySummary['counts']): string {
  const parts = Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : []));
  return parts.length > 0 ? parts.join(', ') : 'none';
}

function goalTexts(goal: Goal): readonly string[] {
  const { constraints = [], cost, repeat, fidelity } = goal;
  return [
    objectivesOf(goal)
      .map(({ metric, direction }) => `${direction} ${printable(metric)}`)
      .join(', '),
    ...constraints.map((limit) =>
      'atMost' in limit
        ? `${printable(limit.metric)} at most ${limit.atMost}`
        : `${printable(limit.metric)} at least ${limit.atLeast}`,
    ),
    ...(cost === undefined ? [] : [`cost is ${printable(cost)}`]),
    ...(repeat ? ['the same parameters may be tried again'] : []),
    ...(fidelity
      ? [`the best is at ${printable(fidelity.name)} ${fidelity.max}; trials are pieces of training`]
      : []),
  ];
}

function spaceText(space: SpaceDescription | undefined): string {
  if (!space) return '';
  const rows = Object.entries(space)
    .filter(([name]) => !name.startsWith('$'))
    .map(([name, description]) => [`  ${printable(name)}`, parameterText(description)]);
  const { $constraints: constraints } = space as Readonly<Record<string, unknown>>;
  return `space\n${textTable(rows)}${constraints === undefined ? '' : `  constraints: ${plain(constraints)}\n`}`;
}

function parameterText(description: ParameterDescription): string {
  const { type, when, default: fallback } = description;
  const range =
    'low' in description
      ? `${description.low} to ${description.high}${description.log ? ', log' : ''}${description.step === undefined ? '' : `, step ${description.step}`}`
      : description.choices.map(plain).join(', ');
  const conditions = Object.entries(when ?? {}).map(
    ([parent, values]) => `while ${printable(parent)} is ${values.map(plain).join(' or ')}`,
  );
  return [
    `${type} ${range}`,
    ...(fallback === undefined ? [] : [`default ${plain(fallback)}`]),
    ...conditions,
  ].join('; ');
}

function trialsText(trials: readonly Trial[]): string {
  if (trials.length === 0) return '';
  const rows = trials.map((trial) => [
    `  ${trial.number}`,
    outcomeText(trial),
    trial.startedAt === undefined || trial.finishedAt === undefined
      ? '-'
      : clock((trial.finishedAt - trial.startedAt) / 1000),
    paramsText(trial.params),
  ]);
  return `last trials\n${textTable(rows, [1, 2])}`;
}

/** A value from a log as text. */
function plain(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}
