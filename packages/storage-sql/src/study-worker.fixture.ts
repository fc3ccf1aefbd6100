/**
 * A process that works on a shared study: `study-worker.fixture.ts ADDRESS TOTAL`. It prints the number and the value of each
 * trial as soon as its tell is acknowledged, a line each, and `end` when the study has `TOTAL` trials.
 */
import { random } from '@foothold/samplers';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, optimize } from '@foothold/study';
import { postgresStorage, sqliteStorage } from './index.ts';

const [address = '', total = ''] = process.argv.slice(2);
const storage = address.startsWith('sqlite:') ? sqliteStorage(address.slice(7)) : postgresStorage(address);
const study = createStudy({
  space: searchSpace({ x: uniform(0, 1) }),
  sampler: random(),
  direction: 'minimize',
  storage,
  name: 'shared',
  seed: 3,
});
await optimize(study, ({ x }) => x, {
  trials: Number(total),
  onTrial: ({ number, ...trial }) => {
    if (trial.state === 'complete') process.stdout.write(`${number} ${trial.value}\n`);
  },
});
process.stdout.write('end\n');
await storage.close();
