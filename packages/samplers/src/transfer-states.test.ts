import { expect, it } from 'vitest';
import { transferStates } from './transfer-states.ts';

it('finds what the models keep of their sources, of one figure or of several objectives', () => {
  const [a, b] = [{ gate: 0.5 }, { gate: 1, turn: 'sources' }];
  expect(transferStates({ samplerState: { model: { transfer: a, lengthscales: [1] } } })).toEqual([a]);
  const objectives = { value: { transfer: a }, cost: { lengthscales: [1] }, time: { transfer: b } };
  expect(transferStates({ samplerState: { objectives } })).toEqual([a, b]);
});

it('finds nothing without a state, without sources, and in states of another form', () => {
  for (const samplerState of [undefined, {}, { model: 1 }, { model: { transfer: [1] } }, { objectives: [] }])
    expect(transferStates({ samplerState: samplerState as never })).toEqual([]);
});
