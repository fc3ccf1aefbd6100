import { setTimeout as pause } from 'node:timers/promises';
import { type Storage, StorageError, type StudyEvent, UnsupportedError } from '@foothold/core';
import { plannedTrials } from '@foothold/protocol';
import {
  atTargetFidelity,
  bestTrial,
  paretoFront,
  type StudyState,
  studyRecord,
  studySummaries,
  studySummaryOf,
} from '@foothold/study';
import { endOfStudy } from '../live/end-of-study.ts';
import { liveStudy } from '../live/live-study.ts';
import { studyRows } from '../live/study-rows.ts';
import { type StudyViewOptions, studyView } from '../live/study-view.ts';
import { isLive, type Terminal } from '../live/terminal.ts';
import { printable } from '../safe-text.ts';
import { studiesIn } from '../studies-in.ts';
import { trialLine } from '../trial-line.ts';
import { objectivesInFull, trialInFull } from '../trial-text.ts';
import { exitCodeOf, type Stoppable, stoppable } from './stoppable.ts';
import { storedState } from './stored-events.ts';
import { studiesList } from './studies-list.ts';
import { withoutBest } from './without-best.ts';

export interface WatchOptions {
  readonly storage: string;
  readonly once?: boolean;
}

/**
 * `foothold watch [STUDY]`: shows a study that runs elsewhere until it has ended; without a name the one that runs and changed
 * last, or a list where none runs. The exit code is 1 for a study that ended without a complete trial, and where none runs.
 * Throws UsageError for a study that does not exist, StorageError as the storage does, UnsupportedError where it does not tell of changes.
 */
export async function watchStudy(given: string | undefined, options: WatchOptions): Promise<void> {
  const name = given ?? (await newestRunning(options.storage));
  if (name === undefined) {
    process.stderr.write(`no study runs in ${printable(options.storage)}\n`);
    await studiesList(options);
    process.exitCode = 1;
    return;
  }
  const state = await storedState(name, options.storage);
  if (options.once) process.stdout.write(stateText(name, state));
  else await stoppable((run) => watched({ name, state, storage: studiesIn(options.storage) }, run));
}

/** The study that runs and changed last; undefined where none runs. */
async function newestRunning(storage: string): Promise<string | undefined> {
  const all = await studySummaries(studiesIn(storage), { now: Date.now() });
  const running = all.flatMap((study) => ('fault' in study || study.activity !== 'running' ? [] : [study]));
  return running.sort((a, b) => (b.changedAt ?? 0) - (a.changedAt ?? 0))[0]?.name;
}

interface Watched {
  readonly name: string;
  readonly state: StudyState;
  readonly storage: Storage;
}

/** Milliseconds between two looks whether the study has ended: leases run out without an event. */
const checkEvery = 1000;

async function watched({ name, state: found, storage }: Watched, run: Stoppable): Promise<void> {
  const record = studyRecord(storage, name);
  let state = found;
  const read = async () => {
    state = await record.state();
    return state;
  };
  const terminal: Terminal = process.stdout;
  const live = liveStudy(terminal, { read, state, view: () => viewOptions(name, state) });
  if (isLive(terminal)) live.show();
  else terminal.write(stateText(name, state));
  const ended = new AbortController();
  const check = () => {
    if (endOfStudy(state, Date.now()) !== undefined) ended.abort();
  };
  check();
  const timer = setInterval(check, checkEvery);
  const signal = AbortSignal.any([run.signal, ended.signal]);
  let position = state.length;
  try {
    for await (const events of changesOf(storage, name, { from: position, signal })) {
      position += events.length;
      await read();
      if (isLive(terminal)) live.show();
      else for (const line of endedLines(state, events)) terminal.write(line);
      check();
    }
  } finally {
    clearInterval(timer);
    await live.end();
  }
  if (ended.signal.aborted && !isLive(terminal)) {
    // The state that has ended may be newer than the changes that came so far.
    const left = (await storage.read(name, position)).slice(0, Math.max(0, state.length - position));
    for (const line of endedLines(state, left)) terminal.write(line);
  }
  sayEnd(state, run);
}

/** The events from a position on, as they come. What a storage says may be tried again is, once a second. */
async function* changesOf(
  storage: Storage,
  name: string,
  { from, signal }: { readonly from: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly StudyEvent[]> {
  if (!storage.watch) throw new UnsupportedError('changes as they come', 'this storage');
  let position = from;
  while (!signal.aborted)
    try {
      for await (const events of storage.watch(name, position, signal)) {
        position += events.length;
        yield events;
      }
    } catch (error) {
      if (!(error instanceof StorageError && error.retry)) throw error;
      await pause(checkEvery, undefined, { signal }).catch(() => undefined);
    }
}

function viewOptions(name: string, state: StudyState): StudyViewOptions {
  return {
    label: name,
    now: Date.now(),
    total: plannedTrials(state),
    direction: state.goal?.direction ?? 'minimize',
    competes: atTargetFidelity(state),
  };
}

/** The trials that these events ended, a line each. */
function endedLines(state: StudyState, events: readonly StudyEvent[]): readonly string[] {
  const { progress, best, front } = studyView(state, viewOptions('', state));
  const trials = new Map(state.trials.map((trial) => [trial.number, trial]));
  return events.flatMap((event) => {
    const trial = event.type === 'told' ? trials.get(event.number) : undefined;
    return trial ? [trialLine(trial, { progress, best: best?.value, further: front?.further })] : [];
  });
}

/** The whole state, whatever the width of the terminal. */
function stateText(name: string, state: StudyState): string {
  const rows = studyRows(studyView(state, viewOptions(name, state)), {
    ...{ columns: Infinity, rows: Infinity, color: false },
  });
  const now = Date.now();
  const end = endOfStudy(state, now);
  const activity = studySummaryOf(name, state, { now })?.activity;
  return [...rows, end === undefined ? `state: ${activity}` : `stopped: ${printable(end)}`]
    .map((row) => `${row}\n`)
    .join('');
}

function sayEnd(state: StudyState, run: Stoppable): void {
  const outside = run.reason();
  if (outside) {
    process.exitCode = exitCodeOf(outside);
    return;
  }
  const goal = state.goal!;
  const rivals = state.trials.filter(atTargetFidelity(state));
  const best = bestTrial(rivals, goal);
  const end = endOfStudy(state, Date.now());
  if (end !== undefined) process.stdout.write(`stopped: ${printable(end)}\n`);
  const lines =
    (goal.objectives?.length ?? 0) > 1
      ? paretoFront(rivals, goal).map((trial) => `front ${objectivesInFull(trial, goal)}\n`)
      : best
        ? [`best value ${trialInFull(best)}\n`]
        : [];
  process.stdout.write(lines.length > 0 ? lines.join('') : `${withoutBest(state.trials, rivals)}\n`);
  process.exitCode = best ? 0 : 1;
}
