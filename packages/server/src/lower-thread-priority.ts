import os from 'node:os';

/** The largest nice value of Linux. */
const nicest = 19;

/**
 * Raises the nice value of the calling thread by so much, on Linux: elsewhere priorities are of whole processes, and nothing is done. It cannot be
 * lowered again. Where the system refuses, the thread keeps the one that it has.
 */
export function lowerThreadPriority(by: number): void {
  if (process.platform !== 'linux') return;
  try {
    // Linux takes 0 for the thread that calls.
    os.setPriority(0, Math.min(nicest, os.getPriority(0) + by));
  } catch {
    // Answers come later then, and no other ones.
  }
}
