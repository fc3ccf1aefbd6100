import type { Trial } from '@foothold/core';

export interface TimeLeftOptions {
  /** Trials in all. */
  readonly total: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** When the run began whose pace counts, in the same unit. */
  readonly since: number;
}

/**
 * Seconds until all trials have ended, at the pace of those that ended since the run began; a running one counts for as much
 * of a trial as it has taken of their mean time. Undefined before a trial has ended, and where nothing runs.
 */
export function timeLeft(
  trials: readonly Trial[],
  { total, now, since }: TimeLeftOptions,
): number | undefined {
  const asked = trials.filter(({ loaded }) => !loaded);
  const ended = asked.filter(({ state }) => state !== 'running');
  const times = ended.flatMap(({ startedAt, finishedAt }) =>
    startedAt !== undefined && finishedAt !== undefined && finishedAt >= since
      ? [finishedAt - startedAt]
      : [],
  );
  const running = asked.flatMap(({ state, startedAt }) =>
    state === 'running' && startedAt !== undefined ? [now - startedAt] : [],
  );
  if (total === undefined || times.length === 0 || running.length === 0) return undefined;
  const mean = times.reduce((sum, time) => sum + time / times.length, 0);
  const begun = running.reduce((sum, time) => sum + Math.min(time / mean, 1), 0);
  const rest = Math.max(total - ended.length, running.length) - begun;
  return (Math.max(rest, 0) / (times.length + begun)) * ((now - since) / 1000);
}

/** Milliseconds without a running trial that end a run, where trials take less. */
const longestGap = 60_000;

/**
 * When the run began that the last trials belong to: before it nothing ran for a minute, or for three times as long as a trial
 * takes on average.
 */
export function runStart(trials: readonly Trial[], now: number): number {
  const spans = trials
    .flatMap(({ startedAt, finishedAt = now }) =>
      startedAt === undefined ? [] : [{ startedAt, finishedAt }],
    )
    .sort((a, b) => a.startedAt - b.startedAt);
  const mean = spans.reduce(
    (sum, { startedAt, finishedAt }) => sum + (finishedAt - startedAt) / spans.length,
    0,
  );
  const gap = Math.max(longestGap, 3 * mean);
  let start = spans[0]?.startedAt ?? now;
  let busyUntil = start;
  for (const { startedAt, finishedAt } of spans) {
    if (startedAt - busyUntil > gap) start = startedAt;
    busyUntil = Math.max(busyUntil, finishedAt);
  }
  return start;
}
