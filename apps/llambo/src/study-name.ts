import { createHash } from 'node:crypto';
import { hasModel } from './arms.ts';
import type { Search } from './experiment.ts';
import { type Flags, ownTrainer } from './options.ts';

/**
 * The study of a search. Eight characters in it differ where the trials would not be the same: another seed, objective or design, and for
 * arms with a language model another model or other sizes of its requests. The number of trials may grow.
 */
export function studyNameOf(flags: Flags, model: string | undefined): (search: Search) => string {
  const { seed, initial, objective } = flags;
  const common = { seed, initial, objective: objective === ownTrainer ? 'own' : objective };
  const { candidates, templates, generations, alpha, probabilities, warmStart } = flags;
  const asked = { model, candidates, templates, generations, alpha, probabilities, warmStart };
  const [plain, advised] = [digest(common), digest({ ...common, ...asked })];
  return ({ task, arm, repeat }) =>
    [
      hasModel(arm.method) ? advised : plain,
      ...[task.dataset, task.learner, arm.method],
      ...(arm.context === undefined ? [] : [arm.context]),
      repeat + 1,
    ].join('-');
}

const digest = (facts: object) =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8);
