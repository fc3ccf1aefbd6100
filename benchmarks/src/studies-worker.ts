/**
 * A process of `pnpm bench studies`; it prints one JSON line.
 * `open STORAGE ADDRESS NUMBER`: the time and memory of opening a study and looking at one trial.
 * `work STORAGE ADDRESS TRIALS`: says `ready`, and after a line on its input asks and tells so many trials.
 */
import { once } from 'node:events';
import { optimize } from '@foothold/study';
import { objective, openStudy } from './studies-problem.ts';
import { storages } from './studies-storages.ts';

const [part = '', name = '', address = '', count = ''] = process.argv.slice(2);
const storage = await storages[name]!.open(address);
const print = (row: unknown) => process.stdout.write(`${JSON.stringify(row)}\n`);

if (part === 'open') {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const trial = await openStudy(storage).trial(Number(count));
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  print({
    ms,
    cpuMs: (user + system) / 1000,
    number: trial?.number,
    peakMb: process.resourceUsage().maxRSS / 1000,
  });
} else {
  const study = openStudy(storage);
  await study.abandoned();
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  const [start, before] = [performance.now(), process.cpuUsage()];
  const { finished } = await optimize(study, objective, { newTrials: Number(count) });
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  print({ finished, msPerTrial: ms / finished, cpuMsPerTrial: (user + system) / 1000 / finished });
  process.exit();
}
await storage.close?.();
