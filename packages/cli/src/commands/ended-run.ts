import type { HeldTrial } from '@foothold/core';
import type { OptimizeResult } from '@foothold/study';
import { printable } from '../safe-text.ts';
import { exitCodeOf, type StopReason } from './stoppable.ts';

/** Says why the run stopped, and sets the exit code; nothing for a run that was not stopped. */
export function sayStopped(reason: StopReason | undefined, note: (text: string) => void): void {
  if (!reason) return;
  if (reason.why === 'failures') note(`stopped: ${reason.message}`);
  else
    note(
      reason.why === 'time-limit'
        ? 'stopped at the time limit; the same line goes on from here'
        : 'stopped; the same line goes on from here',
    );
  process.exitCode = exitCodeOf(reason) || process.exitCode;
}

/** Why a run began no more trials, for programs: as `optimize` says it, or what stopped it from outside. */
export function endOf(
  { stopped, reason }: Pick<OptimizeResult, 'stopped' | 'reason'>,
  outside: StopReason | undefined,
): { readonly stopped: string; readonly reason: string } {
  if (!outside) return { stopped, reason };
  return { stopped: outside.why === 'time-limit' ? 'timeout' : outside.why, reason: reasonOf(outside)! };
}

/** What stopped a run from outside, a clause; undefined for nothing. */
export function reasonOf(outside: StopReason | undefined): string | undefined {
  switch (outside?.why) {
    case undefined:
      return undefined;
    case 'failures':
      return outside.message;
    case 'time-limit':
      return 'the time limit of the run is over';
    case 'signal':
      return `it was stopped by ${outside.signal}`;
  }
}

/** What to say of trials that other workers hold. */
export function heldNotes(held: readonly HeldTrial[]): readonly string[] {
  return held.map(
    ({ number, owner, expiresIn }) =>
      `trial ${number} runs at ${printable(owner)}${
        expiresIn === undefined
          ? ''
          : `; without a sign of it for ${Math.max(1, Math.ceil(expiresIn / 1000))} s it is evaluated again`
      }`,
  );
}
