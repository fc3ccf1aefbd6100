import { createStudy, fileStorage, optimize } from '../index.ts';
import { objective, type P, sampler, space } from '../study.fixture.ts';

/** A process that works on a shared study: `worker.fixture.ts DIRECTORY OWNER TOTAL [NAME]`. */
const [directory = '', owner = '', total = '', name = 'shared'] = process.argv.slice(2);
const study = createStudy({
  space,
  sampler,
  direction: 'minimize',
  storage: fileStorage(directory),
  name,
  ...(owner ? { lease: { owner } } : {}),
});
const { finished } = await optimize(study, (params: P) => objective(params), {
  trials: Number(total),
  concurrency: 2,
});
process.stdout.write(JSON.stringify({ finished }));
