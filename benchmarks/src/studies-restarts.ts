import { setTimeout as wait } from 'node:timers/promises';
import { startPostgres } from '@foothold/postgres-server';
import { killedStudy, type StudyResult } from './studies-killed-study.ts';
import { draws } from './studies-kills-faults.ts';
import type { KilledWorkers } from './studies-workers.ts';

export interface RestartResult extends StudyResult {
  readonly restarts: number;
  readonly seconds: number;
}

/** Lines that each process writes at most between two kills of the server, and at least. */
const [maxLines, minLines] = [60, 10];
/** Milliseconds after those at most. */
const longestPause = 100;

/**
 * Kills a PostgreSQL server by SIGKILL while so many processes work on one study in it, and starts it again, so often; between
 * two kills each process has gone on. Then the processes are killed, and the study is finished and compared.
 */
export async function restartServer({
  restarts,
  processes,
  seed,
}: Readonly<Record<'restarts' | 'processes' | 'seed', number>>): Promise<RestartResult> {
  const start = performance.now();
  const draw = draws(`restarts ${seed}`);
  const server = await startPostgres({ fsync: true });
  process.env['PGPASSWORD'] = server.password; // for the processes too
  let done = 0;
  try {
    const shared = { storage: 'postgres', address: server.address, name: `restarts-${seed}` };
    const result = await killedStudy(shared, async (workers) => {
      for (let i = 0; i < processes; i++) workers.start();
      await progress(workers, minLines);
      while (done < restarts && workers.faults.length === 0) {
        await progress(workers, minLines + draw(maxLines - minLines));
        await wait(draw(longestPause));
        await server.kill();
        await server.start();
        done++;
      }
      await progress(workers, minLines);
    });
    return { restarts: done, ...result, seconds: (performance.now() - start) / 1000 };
  } finally {
    await server.stop();
  }
}

/** Resolves when each process has written so many lines more, or one has ended by itself. */
async function progress({ living, faults }: KilledWorkers, lines: number): Promise<void> {
  const goals = living.map((worker) => ({ worker, lines: worker.said.length + lines }));
  while (faults.length === 0 && goals.some((goal) => goal.worker.said.length < goal.lines)) await wait(5);
}
