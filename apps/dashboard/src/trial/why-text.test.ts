import type { Trial, Why } from '@foothold/core';
import { expect, it } from 'vitest';
import { whySentences } from './why-text.ts';

const trial = (why: Why | undefined, more: object = { state: 'complete', value: 0.5 }) =>
  ({ number: 4, params: { x: 1 }, reports: [], ...(why && { why }), ...more }) as unknown as Trial;
const model: Why = {
  ...{ sampler: 'bayesian', reason: 'few and costly evaluations', stage: 'model' },
  acquisition: { name: 'logExpectedImprovement', value: -2.5 },
  prediction: { mean: 0.3, standardDeviation: 0.05 },
  incumbent: { trial: 2, value: 0.35 },
  model: { gaussianProcess: { rows: 13 } },
};

it('says who proposed a trial, from what, what was expected, and what came out', () => {
  expect(whySentences(trial(model), false)).toEqual([
    'The sampler bayesian proposed it: few and costly evaluations.',
    'A Gaussian process of 13 trials chose it.',
    'Of all candidates it had the highest log expected improvement (−2.5).',
    'The model expected 0.3, with 95 % probability between 0.202 and 0.398; the best so far was 0.35 (trial 2).',
    'It came out at 0.5, 4 standard deviations above the expectation.',
  ]);
  expect(whySentences(trial(model, { state: 'complete', value: 0.31 }), false).at(-1)).toBe(
    'It came out at 0.31, within that interval.',
  );
});

it('says of a proposal of the target sampler what that one expected', () => {
  const { incumbent: _, ...inner } = model;
  const outer: Why = { stage: 'model', prediction: { mean: 9, standardDeviation: 0.01 }, model: {} };
  expect(whySentences(trial({ ...outer, targetSampler: inner }), false)).toEqual([
    'It goes straight to the fidelity that counts.',
    'The sampler bayesian proposed it: few and costly evaluations.',
    'A Gaussian process of 13 trials chose it.',
    'Of all candidates it had the highest log expected improvement (−2.5).',
    'The model expected 0.3, with 95 % probability between 0.202 and 0.398.',
    'It came out at 0.5, 4 standard deviations above the expectation.',
  ]);
});

it('names the earlier studies by weight, and says where they had no part', () => {
  const sources = [
    { name: 'small', weight: 0.7 },
    { name: 'last month', weight: 0.2 },
  ];
  const said = (gate: number) =>
    whySentences(trial({ transfer: { method: 'auto', sources, gate } }), false)[0];
  expect(said(0.9)).toBe(
    'Earlier studies had 90 % of the weight in what the model believed: small 70 %, last month 20 %.',
  );
  expect(said(0)).toBe('Earlier studies had no part in it.');
});

it('says what a language model proposed, what that cost, and whether it was followed', () => {
  const spent = { tokens: { prompt: 900, completion: 100 }, cost: 0.0125 };
  const said = (adviser: object) => whySentences(trial({ adviser } as unknown as Why), false)[0];
  const asked = { asked: true, followed: false, model: 'qwen3', ...spent };
  expect(said({ ...asked, followed: true, proposed: ['x: 1', 'x: 2'] })).toBe(
    'The language model qwen3 proposed it, and the acquisition took it (1,000 tokens, cost 0.0125).',
  );
  expect(said({ ...asked, proposed: ['x: 1', 'x: 2'] })).toBe(
    'The language model qwen3 made 2 proposals, which the acquisition did not take (1,000 tokens, cost 0.0125).',
  );
  expect(said({ ...asked, proposed: [] })).toContain('proposed nothing that is new');
  expect(said({ ...asked, proposed: [], failure: 'out of time' })).toBe(
    'The language model qwen3 gave no proposal (1,000 tokens, cost 0.0125): out of time.',
  );
  expect(said({ asked: false, followed: false })).toBe('The language model was not asked.');
  expect(said({ asked: 'yes' })).toBe('It came out at 0.5.');
});

it('says what it knows of trials that no sampler explains', () => {
  expect(whySentences(trial(undefined, { state: 'running', loaded: true }), false)).toEqual([
    'This is a past evaluation that was given to the study; nothing suggested it.',
  ]);
  expect(whySentences(trial(undefined), true)).toEqual(['A person or a program enqueued these parameters.']);
  expect(whySentences(trial(undefined), false)).toEqual([
    'The log does not say why these parameters were chosen.',
  ]);
  // A log of another program: members of other forms are passed over.
  expect(
    whySentences(trial({ sampler: 3, prediction: 'none', transfer: [], model: null, acquisition: 1 }), false),
  ).toEqual(['It came out at 0.5.']);
});
