/**
 * A process of the part `kills` of `pnpm bench studies`, which may be killed at any moment.
 * `work STORAGE ADDRESS STUDY LEASE_MS SEED`: asks, reports and tells without end. It prints a line before each call, and
 * goes on after a call only when the line that acknowledges it is written: `ask`, `asked 5`, `report 5 0 0.25`,
 * `reported 5 0 0.25`, `tell 5 0.5`, `told 5 0.5`; `late 5` where another process has got the trial since. No value is
 * drawn twice.
 * `finish STORAGE ADDRESS STUDY LEASE_MS SEED`: evaluates what was abandoned, begins no other trial, and ends.
 */
import { seeded, TrialStateError } from '@foothold/core';
import { random } from '@foothold/samplers';
import { createStudy, optimize } from '@foothold/study';
import { objective, space } from './studies-problem.ts';
import { storages } from './studies-storages.ts';

const steps = 3;
const [part, storageName = '', address = '', name = '', leaseMs = '', seed = ''] = process.argv.slice(2);
const storage = await storages[storageName]!.open(address);
const study = createStudy({
  ...{ space, sampler: random(), direction: 'minimize', storage, name, seed: 1 },
  clock: Date.now,
  // Every second process cannot see that others have ended, as on another machine: it waits for their leases.
  lease: { ms: Number(leaseMs), ...(Number(seed) % 2 === 1 && { alive: () => undefined }) },
});

if (part === 'finish') {
  const { length } = await study.trials();
  await optimize(study, objective, { trials: length });
  await storage.close?.();
} else {
  const rng = seeded(`worker ${seed}`);
  for (;;) {
    await say('ask');
    const { number } = await study.ask();
    await say(`asked ${number}`);
    try {
      await evaluate(number, () => rng.next());
    } catch (error) {
      if (!(error instanceof TrialStateError)) throw error;
      await say(`late ${number}`);
    }
  }
}

async function evaluate(number: number, next: () => number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const report = `${number} ${step} ${next()}`;
    await say(`report ${report}`);
    await study.report(number, step, Number(report.split(' ')[2]));
    await say(`reported ${report}`);
  }
  const value = next();
  await say(`tell ${number} ${value}`);
  await study.tell(number, { state: 'complete', value });
  await say(`told ${number} ${value}`);
}

/** Resolves when the line is with the process that reads it, or in the pipe to it: a kill cannot take it back. */
function say(line: string): Promise<void> {
  return new Promise((done) => {
    process.stdout.write(`${line}\n`, () => done());
  });
}
