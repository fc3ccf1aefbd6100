import { existsSync } from 'node:fs';
import { InvalidArgumentError } from '@foothold/core';
import type { Budget } from '../limits/budget.ts';
import {
  type Ledger,
  type LedgerOptions,
  type LedgerState,
  ledger,
  type Reservation,
} from '../limits/ledger.ts';
import { lastLine, lineFile } from './line-file.ts';

/** A ledger that a process which is killed cannot forget. */
export interface LedgerFile extends Budget, Pick<Ledger, 'state' | 'remaining'> {
  /** Waits for the calls that are under way, and throws what the last write threw. */
  close(): Promise<void>;
}

/** A state has about 200 bytes. */
const longestLine = 4096;

/**
 * A ledger whose states are the lines of a file, the last one the newest. A call is made only when the file has its worst case, so that a budget
 * holds over all runs, one after another: a call that was under way when a run was killed counts in full. Throws InvalidArgumentError for a
 * file whose last whole line is no state of a ledger; calls throw StorageError where the file cannot be written.
 */
export async function ledgerFile(path: string, budgets: Omit<LedgerOptions, 'state'>): Promise<LedgerFile> {
  const account = ledger({ ...budgets, state: await stateIn(path) });
  const write = stateWriter(path, account);
  const open = new Set<Promise<void>>();
  return {
    async reserve(worst) {
      const reservation = account.reserve(worst);
      try {
        await write();
      } catch (error) {
        reservation.release();
        throw error;
      }
      const { end, settle, release } = endOf(reservation, write);
      open.add(end);
      void end.then(() => open.delete(end));
      return { settle, release };
    },
    state: account.state,
    remaining: account.remaining,
    async close() {
      await Promise.all(open);
      await write();
    },
  };
}

/** The two ends of a reservation, each of which is written, and `end`, which resolves then. */
function endOf(reservation: Reservation, write: () => Promise<void>) {
  let ended: (() => void) | undefined;
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const written = async () => {
    try {
      await write();
    } finally {
      ended!();
    }
  };
  return {
    end,
    settle(usage: Parameters<Reservation['settle']>[0]) {
      reservation.settle(usage);
      return written();
    },
    release() {
      reservation.release();
      return written();
    },
  };
}

/** Writes the newest state; calls that come while one is written share the next line. */
function stateWriter(path: string, account: Ledger): () => Promise<void> {
  const file = lineFile(path);
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const begin = () => {
    next = undefined;
    running = file.append(JSON.stringify(account.state()));
    return running;
  };
  return () => {
    if (running === undefined) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
}

async function stateIn(path: string): Promise<LedgerState | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    const line = await lastLine(path, longestLine);
    if (line === undefined) return undefined;
    const state = JSON.parse(line);
    // `null` would be no state, and so an unspent budget.
    ledger({ state: state ?? {} });
    return state;
  } catch (error) {
    throw new InvalidArgumentError(
      'the ledger',
      path,
      `a file of states that an earlier run wrote (${(error as Error).message})`,
    );
  }
}
