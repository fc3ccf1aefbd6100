import type { Storage } from '@foothold/core';
import { studyRecord } from '@foothold/study';
import { logUniform, minimize, searchSpace, uniform } from 'foothold';

const space = searchSpace({ learning_rate: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.6) });

/** A study whose trials are pieces of training: each configuration goes on from where it stopped, and one diverges. Two trials are deleted. */
export async function piecesStudy(storage: Storage, name: string, trials = 3): Promise<void> {
  await minimize(
    async ({ learning_rate, dropout }, { from, to, report }) => {
      if (learning_rate > 0.03) throw new Error('the loss is not finite');
      const end = 0.1 + (Math.log10(learning_rate) + 2.5) ** 2 / 8 + dropout ** 2 / 2;
      for (let epoch = from + 1; epoch <= to; epoch++) await report(epoch, end + 0.8 / (1 + epoch));
      return end + 0.8 / (1 + to);
    },
    space,
    { ...{ storage, name, trials, seed: 4 }, fidelity: { name: 'epochs', max: 27 } },
  );
  await studyRecord(storage, name).deleteTrials([1, 2]);
}
