import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { fdatasync } = fs;
let waiting = true;
let waited = 0;

/** Has the process count the time that it waits for the disk. To be called before a storage is opened. */
export function countSyncs(): void {
  const counting = (file: number, done: (error: NodeJS.ErrnoException | null) => void) => {
    if (!waiting) return void setImmediate(done, null);
    const start = performance.now();
    fdatasync(file, (error) => {
      waited += performance.now() - start;
      done(error);
    });
  };
  fs.fdatasync = counting as typeof fs.fdatasync;
  syncBuiltinESMExports();
}

/** Milliseconds that the process has waited for the disk so far. */
export function syncedMs(): number {
  return waited;
}

/** Runs without waiting for the disk: to prepare a measurement. */
export async function withoutSyncs<T>(run: () => Promise<T>): Promise<T> {
  waiting = false;
  try {
    return await run();
  } finally {
    waiting = true;
  }
}
