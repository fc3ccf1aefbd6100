/**
 * A process of `pnpm bench server`: so many clients that ask and tell on one study of a server, each as fast as it is answered, or with so
 * many seconds between ask and tell. `server-clients.ts URL STUDY CLIENTS SECONDS THINK`, the token in FOOTHOLD_TOKEN; prints one JSON line with the times and what was acknowledged.
 */

import { remoteStudy } from '@foothold/server/remote';
import { type AskTime, optimizationErrorName } from './server-faults.ts';
import { quantile } from './studies-latency.ts';
import { objective } from './studies-problem.ts';

/** Share of the time at the start that is not counted: the engine compiles. */
const warmUp = 0.1;

const [url = '', name = '', clients = '1', seconds = '1', think = '0'] = process.argv.slice(2);
const token = process.env['FOOTHOLD_TOKEN'] ?? '';
const start = performance.now();
const end = start + Number(seconds) * 1000;
const countedFrom = start + warmUp * (end - start);
const asks: number[] = [];
const tells: number[] = [];
const told: [number, number][] = [];
const timedAsks: AskTime[] = [];
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

/** Of the golden ratio: its multiples spread evenly in 0 to 1. */
const golden = (Math.sqrt(5) - 1) / 2;

function thinking(share: number): Promise<unknown> | undefined {
  return Number(think) > 0
    ? new Promise((done) => setTimeout(done, share * Number(think) * 1000))
    : undefined;
}

async function client(number: number): Promise<void> {
  const study = await remoteStudy(url, { name, token, worker: `client-${number}` });
  // Clients begin one after another, as in a run that goes on.
  await thinking(number / Number(clients));
  for (let asked = 0; performance.now() < end; asked++) {
    const key = `${number}-${asked}`;
    const begun = performance.now();
    const trial = await timed(asks, () => study.ask({ key }));
    if (!trial) continue;
    if (begun >= countedFrom) timedAsks.push([trial.number, key, performance.now() - begun]);
    await thinking(0.5 + ((trial.number * golden) % 1));
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
  `${JSON.stringify({ asks: times(asks), tells: times(tells), asksPerSecond: asks.length / counted, errors, told, countedFrom: performance.timeOrigin + countedFrom, ...(Number(think) > 0 && { timedAsks }) })}\n`,
);
