import type { Params, Proposal, SampleRequest, Sampler } from '@foothold/core';
import { integer, searchSpace, uniform } from '@foothold/space';
import { createStudy, optimize, replay } from '@foothold/study';
import { expect, it } from 'vitest';
import { shownFidelities } from './fidelities.ts';

const pieces = [
  { x: 0.1, epochs: 1 },
  { x: 0.2, epochs: 1 },
  { x: 0.1, epochs: 3 },
  { x: 0.3, epochs: 1 },
  { x: 0.1, epochs: 9 },
  { x: 0.2, epochs: 3 },
];
const sampler: Sampler = {
  ...{ name: 'scripted', options: { budget: 40 }, supports: ['continuous'] },
  sample: <P extends Params>({ trials }: SampleRequest<P>) => [
    { params: pieces[trials.length]! as Params } as Proposal<P>,
  ],
};

it('shows a study of pieces of training by the fidelities that were reached, each piece at what it trained', async () => {
  const study = createStudy<Params>({
    space: searchSpace({ x: uniform(0, 1), epochs: integer(1, 27) }),
    ...{ sampler, fidelity: { name: 'epochs', max: 27 }, direction: 'minimize' },
  });
  await optimize(study, ({ x }) => Number(x), { trials: pieces.length });
  const state = replay(await study.log());
  const shown = shownFidelities(state)!;
  expect(shown).toMatchObject({ axis: { name: 'epochs' }, budget: 40, costTitle: 'epochs so far' });
  expect(shown.levels.map(({ title }) => title)).toEqual(['epochs 1', 'epochs 3', 'epochs 9', 'epochs 27']);
  expect(shown.costsOf(state.trials.slice(2))).toEqual([2, 1, 6, 2]);
});
