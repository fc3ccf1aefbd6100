import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { replay } from '@foothold/study';
import { expect } from 'vitest';
import type { SqlStorage } from './sql-storage.ts';

export interface Worker {
  readonly child: ChildProcess;
  /** Values by the numbers of the trials whose tells were acknowledged to this process. */
  readonly told: ReadonlyMap<number, number>;
  /** Its exit code, and what it wrote to standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly err: string }>;
}

/** Starts a process that works on the study `shared` until it has so many trials. */
export function startWorker(address: string, total: number): Worker {
  const program = fileURLToPath(new URL('./study-worker.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@foothold/source', program, address, `${total}`]);
  const told = new Map<number, number>();
  let [rest, err] = ['', ''];
  child.stdout.on('data', (data) => {
    const lines = `${rest}${data}`.split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const [number, value] = line.split(' ');
      if (value !== undefined) told.set(Number(number), Number(value));
    }
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  return { child, told, ended: once(child, 'close').then(([code]) => ({ code, err })) };
}

/** Fails unless the study has `total` complete trials, each told once, and every acknowledged tell with its value. */
export async function expectConsistent(
  storage: SqlStorage,
  workers: readonly Worker[],
  total: number,
): Promise<void> {
  const events = await storage.read('shared', 0);
  const told = events.flatMap((event) => (event.type === 'told' ? [event.number] : []));
  expect(new Set(told).size).toBe(told.length);
  const { trials } = replay(events);
  expect(trials.map(({ state }) => state)).toEqual(Array(total).fill('complete'));
  for (const worker of workers)
    for (const [number, value] of worker.told) expect(trials[number]).toMatchObject({ number, value });
}
