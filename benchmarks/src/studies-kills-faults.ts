import { type StudyEvent, seeded } from '@foothold/core';
import { replay } from '@foothold/study';

/** What the processes on one study wrote before their ends, a list of lines each, as `studies-kills-worker.ts` says. */
export type Said = readonly (readonly string[])[];

export interface Acknowledged {
  readonly tells: number;
  readonly reports: number;
  readonly asks: number;
  /** Calls that were refused because another process had got the trial since. */
  readonly late: number;
}

/** How many calls were acknowledged. */
export function acknowledged(said: Said): Acknowledged {
  const count = (word: string) => said.flat().filter((line) => line.startsWith(`${word} `)).length;
  return { tells: count('told'), reports: count('reported'), asks: count('asked'), late: count('late') };
}

/**
 * What is wrong with a log after these acknowledgements, once all trials should have ended: acknowledged tells, reports and
 * asks that are lost, doubled or changed; numbers with a gap or twice; trials that run. Empty where nothing is.
 */
export function logFaults(events: readonly StudyEvent[], said: Said): readonly string[] {
  const faults: string[] = [];
  const asked: number[] = [];
  const told = new Map<number, string[]>();
  const written = new Map<string, number>();
  for (const event of events) {
    if (event.type === 'asked' && event.number >= asked.length) asked.push(event.number);
    if (event.type === 'asked') written.set(`asked ${event.number}`, 1);
    if (event.type === 'told') {
      const { number, outcome } = event;
      const value = outcome.state === 'complete' ? outcome.value : outcome.state;
      told.set(number, [...(told.get(number) ?? []), `told ${number} ${value}`]);
    }
    if (event.type === 'reported') {
      const line = `reported ${event.number} ${event.step} ${event.value}`;
      written.set(line, (written.get(line) ?? 0) + 1);
    }
  }
  for (const [i, number] of asked.entries()) if (i !== number) faults.push(`number ${number} in place ${i}`);
  for (const [number, all] of told)
    if (all.length > 1) faults.push(`trial ${number} was told ${all.length} times`);
  for (const [line, count] of written) if (count > 1) faults.push(`${count} times in the log: ${line}`);
  const seen = new Set<string>();
  for (const line of said.flat()) {
    const [word, number] = line.split(' ');
    if (word === 'told' && told.get(Number(number))?.[0] !== line) faults.push(`lost: ${line}`);
    if ((word === 'reported' || word === 'asked') && !written.has(line)) faults.push(`lost: ${line}`);
    if (word !== 'told') continue;
    if (seen.has(`${number}`)) faults.push(`acknowledged to two processes: ${line}`);
    seen.add(`${number}`);
  }
  return [...faults, ...replayFaults(events, asked.length)];
}

function replayFaults(events: readonly StudyEvent[], count: number): readonly string[] {
  try {
    const { trials, leases } = replay(events);
    const running = trials.filter(({ state }) => state === 'running');
    return [
      ...(trials.length === count ? [] : [`${trials.length} trials of ${count} in the replay`]),
      ...running.map(({ number }) => `trial ${number} still runs`),
      ...[...leases.keys()].map((number) => `trial ${number} still has a lease`),
    ];
  } catch (error) {
    return [`no replay: ${error}`];
  }
}

/** Moments and choices by a seed: whole numbers from 0 below a limit. */
export function draws(seed: string): (below: number) => number {
  const rng = seeded(seed);
  return (below) => Math.floor(rng.next() * below);
}
