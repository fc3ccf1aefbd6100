import { type StudyEvent, seeded } from '@foothold/core';
import { expect } from 'vitest';
import { memoryStorage, studyRecord } from './index.ts';
import { open, type P } from './study.fixture.ts';

/** A log of two workers who do everything that a study can do, drawn from a seed. */
export async function randomLog(seed: number, operations: number): Promise<readonly StudyEvent[]> {
  const rng = seeded(seed);
  const storage = memoryStorage();
  let now = 0;
  const workers = ['a', 'b'].map((owner) =>
    open({ storage, clock: () => now, lease: { owner, ms: 50, alive: () => undefined } }),
  );
  const record = studyRecord(storage, 'study');
  await workers[0]!.trials();
  for (let i = 0; i < operations; i++) {
    now += 10 * rng.next();
    const study = workers[Math.floor(2 * rng.next())]!;
    const running = (await study.trials()).filter(({ state }) => state === 'running');
    const { number } = running[Math.floor(rng.next() * running.length)] ?? { number: -1 };
    const any = Math.floor(rng.next() * i * 0.3);
    const params: P = { x: rng.next(), n: Math.floor(10 * rng.next()), c: 'b' };
    const value = rng.next();
    const operation = [
      () => study.ask(),
      () => study.ask(),
      () => study.enqueue(rng.next() < 0.5 ? params : { n: 3 }),
      () => study.load([{ params, value, metrics: { seconds: 2 } }]),
      () => study.report(number, i, value),
      () => study.report(number, i, value),
      () => study.tell(number, { state: 'complete', value, standardError: 0.1 }),
      () => study.tell(number, { state: 'failed', reason: 'é "quoted"' }),
      () => study.tell(number, { state: 'pruned' }),
      () => study.release(number),
      () => study.renew(number),
      () => record.describe({ command: ['run', i], nested: { a: null } }),
      () => record.reopenFailed(),
      () => study.note(number < 0 ? undefined : number, { attributes: { [`k${i % 3}`]: [i] }, note: 'é' }),
      () => study.note(any, { output: [`line ${i}`] }),
      () => study.deleteTrial(any),
      () => study.restoreTrial(any),
      () => study.tell(any, { state: 'complete', value }),
    ][Math.floor(18 * rng.next())]!;
    await operation().catch((error: Error) => expect(error.name).toBe('TrialStateError'));
  }
  return workers[0]!.log();
}
