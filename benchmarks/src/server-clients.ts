/**
 * A process of `pnpm bench server`: so many clients that ask and tell on one study of a server, each as fast as it is answered.
 * `server-clients.ts URL STUDY CLIENTS SECONDS`, the token in FOOTHOLD_TOKEN; prints one JSON line with the times and what was acknowledged.
 */

import { remoteStudy } from '@foothold/server/remote';
import { optimizationErrorName } from './server-faults.ts';
import { quantile } from './studies-latency.ts';
import { objective } from './studies-problem.ts';

/** Share of the time at the start that is not counted: the engine compiles. */
const warmUp = 0.1;

const [url = '', name = '', clients = '1', seconds = '1'] = process.argv.slice(2);
const token = process.env['FOOTHOLD_TOKEN'] ?? '';
const start = performance.now();
const end = start + Number(seconds) * 1000;
const countedFrom = start + warmUp * (end - start);
const asks: number[] = [];
const tells: number[] = [];
const told: [number, number][] = [];
const errors: Record<string, number> = {};

/** Milliseconds of a call, kept in `times`; undefined where it failed. */
async function timed<T>(times: number[], call: () => Promise<T>): Promise<T | undefined> {
  const begun = performance.now();
  try {
    const answer = await call();
    if (begun >= countedFrom) times.push(performance.now() - begun);
    return answer;
  } catch (error) {
    const of = optimizationErrorName(error);
    errors[of] = (errors[of] ?? 0) + 1;
    return undefined;
  }
}

async function client(number: number): Promise<void> {
  const study = await remoteStudy(url, { name, token, worker: `client-${number}` });
  while (performance.now() < end) {
    const trial = await timed(asks, () => study.ask());
    if (!trial) continue;
    const value = objective(trial.params);
    const done = await timed(tells, async () => {
      await study.tell(trial.number, { state: 'complete', value });
      return true;
    });
    if (done) told.push([trial.number, value]);
  }
}

await Promise.all(Array.from({ length: Number(clients) }, (_, number) => client(number)));
const times = (of: readonly number[]) => ({
  count: of.length,
  p50Ms: quantile(of, 0.5),
  p99Ms: quantile(of, 0.99),
});
const counted = (performance.now() - countedFrom) / 1000;
process.stdout.write(
  `${JSON.stringify({ asks: times(asks), tells: times(tells), asksPerSecond: asks.length / counted, errors, told })}\n`,
);
