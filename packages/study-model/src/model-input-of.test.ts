import { InvalidArgumentError } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { random } from '@foothold/samplers';
import { searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage, studyRecord } from '@foothold/study';
import { expect, it } from 'vitest';
import { beliefAt, modelInputOf, pointsOf, studyModel } from './index.ts';

it('models the objective of this name in its direction, by default the first one', async () => {
  const storage = memoryStorage();
  const objectives = [
    { metric: 'value', direction: 'minimize' },
    { metric: 'speed', direction: 'maximize' },
  ] as const;
  const space = searchSpace({ x: uniform(-1, 1) });
  const study = createStudy({ space, sampler: random(), objectives, storage, name: 's' });
  for (let k = 0; k < 8; k++) {
    const { number, params } = await study.ask();
    await study.tell(number, { state: 'complete', value: params.x ** 2, metrics: { speed: 3 * params.x } });
  }
  const state = await studyRecord(storage, 's').state();
  expect(modelInputOf(state)).toMatchObject({ metric: 'value', direction: 'minimize' });
  const model = (await studyModel(modelInputOf(state, 'speed'), await wasm()))!;
  expect(model.direction).toBe('maximize');
  const { mean } = await beliefAt(model, pointsOf(model, [{ x: 0.2 }]));
  expect(mean[0]).toBeCloseTo(0.6, 0);
  expect(() => modelInputOf(state, 'size')).toThrow(InvalidArgumentError);
});
