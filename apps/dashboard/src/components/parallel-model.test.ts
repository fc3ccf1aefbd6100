import { random } from '@foothold/optimize';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, optimize, replay } from '@foothold/study';
import { expect, it } from 'vitest';
import type { LiveStudy } from '../study/live-study.ts';
import { parallelModel } from './parallel-model.ts';

it('ranks the trials that may be the best one: of those that break a limit none is drawn as the best', async () => {
  const study = createStudy({
    space: searchSpace({ x: uniform(0, 1) }),
    sampler: random(),
    ...{ direction: 'minimize', constraints: [{ metric: 'megabytes', atMost: 60 }] },
  });
  const outcomes = [
    { value: 3, metrics: { megabytes: 10 } },
    { value: 1, metrics: { megabytes: 90 } },
    { value: 2, metrics: { megabytes: 60 } },
  ];
  await optimize(study, (_, { number }) => outcomes[number]!, { trials: 3 });
  const { rank, trials } = parallelModel({ state: replay(await study.log()) } as unknown as LiveStudy);
  expect(trials.map((trial) => 'value' in trial && trial.value)).toEqual([3, 1, 2]);
  expect([...rank]).toEqual([0, -1, 0.5]);
});
