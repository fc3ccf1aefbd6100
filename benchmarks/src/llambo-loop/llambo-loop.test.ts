import { expect, it } from 'vitest';
import { missingIn, ownInformation, ownLoop } from './llambo-loop.ts';
import { reference } from './reference.ts';

it('the recorded program does not end with eight of 13 objectives, ours ends with all', async () => {
  const ended = Object.entries(reference.outcomes).filter(([, { ends }]) => ends === 'all trials');
  expect(ended).toHaveLength(5);
  for (const name of ['accuracy in percent', 'negative log-likelihood below 0', 'constant 3, maximized'])
    expect(reference.outcomes[name]!.ends).toBe('no evaluation within 20 seconds');
  for (const [name, objective] of Object.entries(reference.objectives)) {
    const { trials } = await ownLoop(objective);
    expect(trials, name).toHaveLength(30);
    expect(trials.every(({ state }) => state === 'complete')).toBe(true);
    expect(trials[5]!.why, name).toMatchObject({ stage: 'llambo' });
  }
});

it('our prompts show all that those of the recorded program do, and the configurations without its rounding', async () => {
  const { prompts } = await ownLoop(reference.objectives['accuracy']!);
  const own = ownInformation(prompts);
  for (const kind of ['candidates', 'prediction'] as const) {
    expect(missingIn(own[kind], reference.information[kind])).toEqual([]);
    expect(own[kind]).toMatchObject({ ranges: 3, examples: 5 });
    expect(reference.information[kind].examples).toBe(5);
    expect(own[kind].example_error).toBeLessThan(1e-5);
    expect(reference.information[kind].example_error).toBeGreaterThan(0.1);
  }
  expect(own.candidates.target).toBe(true);
  expect(ownInformation([]).candidates).toMatchObject({ samples: false, examples: 0, ranges: 0 });
});
