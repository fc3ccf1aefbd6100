import type { Storage } from '@foothold/core';
import { categorical, createStudy, linear, logUniform, searchSpace, uniform } from 'foothold';
import { beginning } from './studies.ts';

const space = searchSpace(
  {
    optimizer: categorical('sgd', 'adam'),
    momentum: uniform(0, 1).when('optimizer', 'sgd'),
    learning_rate: logUniform(1e-5, 1e-1),
    dropout_of_inputs: uniform(0, 0.9),
    dropout_of_layers: uniform(0, 0.9),
  },
  { constraints: [linear({ dropout_of_inputs: 1, dropout_of_layers: 1 }, { atMost: 1 })] },
);

/** A study with a parameter that is not always active, a limit among parameters, and values to be maximized. */
export async function conditionalStudy(storage: Storage, name: string, trials = 30): Promise<void> {
  let now = beginning;
  const study = createStudy({
    ...{ space, storage, name, seed: 11, direction: 'maximize' },
    ...{ clock: () => now, lease: { owner: 'gpu-box:7' } },
  });
  for (let k = 0; k < trials; k++) {
    const { number, params } = await study.ask();
    now += 60_000;
    const rate = Math.log10(params.learning_rate) + 3;
    const value =
      0.95 -
      0.05 * rate ** 2 -
      0.1 * (params.dropout_of_inputs - 0.2) ** 2 -
      0.2 * params.dropout_of_layers -
      (params.optimizer === 'sgd' ? 0.1 * (params.momentum! - 0.9) ** 2 : 0.02);
    await study.tell(number, { state: 'complete', value });
  }
}
