import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CallTimes } from './server-faults.ts';
import { quantile } from './studies-latency.ts';

/** Bytes of an ask in a log, about. */
const bytes = 500;
const writes = 100;
/** Milliseconds between two writes: a disk that is not asked all the time. */
const pause = 20;

/** How long the disk of this folder takes for a synced write of an ask: no ask of a server that keeps its studies there is faster. */
export async function syncTimes(folder: string): Promise<CallTimes> {
  const path = join(folder, 'sync-times');
  const file = openSync(path, 'a');
  const record = Buffer.alloc(bytes, 'x');
  const ms: number[] = [];
  try {
    for (let i = 0; i < writes; i++) {
      await new Promise((done) => setTimeout(done, pause));
      const begun = performance.now();
      writeSync(file, record);
      fdatasyncSync(file);
      ms.push(performance.now() - begun);
    }
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
  return { count: ms.length, p50Ms: quantile(ms, 0.5), p99Ms: quantile(ms, 0.99) };
}
