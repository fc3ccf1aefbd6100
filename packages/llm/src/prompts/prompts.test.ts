import { describe, expect, it } from 'vitest';
import { card, space } from '../card/task-card.fixture.ts';
import { taskCard } from '../card/task-card.ts';
import { taskContexts, taskText } from '../card/task-text.ts';
import { withNote } from '../surrogates/surrogate-settings.ts';
import { shownSpace } from '../views/shown-space.ts';
import type { Warping } from '../views/warping.ts';
import { candidatesPrompt } from './candidates-prompt.ts';
import { classPrompt } from './class-prompt.ts';
import { configurationText } from './configuration-text.ts';
import { numberText } from './number-text.ts';
import { predictionPrompt } from './prediction-prompt.ts';
import { retryPrompt } from './retry-prompt.ts';
import { scoreScale } from './score-scale.ts';
import { zeroShotPrompt } from './zero-shot-prompt.ts';

const names = ['lr', 'layers', 'dropout', 'optimizer', 'momentum'];
const first = (context: 'none' | 'partial' | 'full', count = 5) =>
  zeroShotPrompt({ task: taskText(taskCard(card), { space, context }), names, count });

describe('prompts', () => {
  it.each(taskContexts)('ask for first configurations in the context %s', async (context) => {
    await expect(`${first(context)}\n`).toMatchFileSnapshot(`fixtures/zero-shot-${context}.txt`);
  });

  it('ask for one configuration in the singular', () => {
    expect(first('none', 1)).toContain(
      'Propose one configuration to begin with: each of them likely to do well.',
    );
  });

  it('ask once more with the reasons and what is known', async () => {
    const prompt = retryPrompt({
      prompt: first('none'),
      reasons: ['lr is 3, outside [0.00001, 0.1] (out-of-range)'],
      kept: ['lr: 0.001, layers: 2, dropout: 0.1, optimizer: adam'],
      count: 4,
    });
    await expect(`${prompt}\n`).toMatchFileSnapshot('fixtures/retry.txt');
    const bare = retryPrompt({ prompt: 'P', reasons: [], kept: [], count: 1 });
    expect(bare).toBe(
      'P\n\nA first answer had no configuration in the form above.\nPropose 1 other configuration in the same form.',
    );
  });
});

describe('prompts about evaluated configurations', () => {
  const trials = [
    { params: { lr: 0.001, layers: 2, dropout: 0.1, optimizer: 'adam' }, value: 0.934567, good: '1' },
    { params: { lr: 0.03, layers: 1, dropout: 0, optimizer: 'sgd', momentum: 0.9 }, value: 0.91, good: '0' },
    { params: { lr: 1e-5, layers: 4, dropout: 0.2, optimizer: 'RMS prop' }, value: 0.5, good: '0' },
  ] as const;
  const next = { lr: 0.0003, layers: 3, dropout: 0.1, optimizer: 'adam' } as const;
  const parts = (warping: Warping, order: readonly string[] = names) => {
    const view = shownSpace(space, warping);
    const scale = scoreScale(trials.map(({ value }) => value));
    const text = (params: (typeof trials)[number]['params'] | typeof next) =>
      configurationText(view.shown(params), { order });
    const task = taskText(taskCard(card), { space: view.space, context: 'partial', order });
    return {
      task: withNote(task, view.note),
      metric: 'cross-validated accuracy',
      configuration: text(next),
      evaluated: trials.map(({ params, value }) => ({
        configuration: text(params),
        outcome: scale.text(value),
      })),
      classes: trials.map(({ params, good }) => ({ configuration: text(params), outcome: good })),
    };
  };

  it('ask for a value', async () => {
    await expect(`${predictionPrompt(parts('none'))}\n`).toMatchFileSnapshot('fixtures/prediction.txt');
    const bare = predictionPrompt({ ...parts('none'), evaluated: [] });
    expect(bare).toContain('No configuration has been evaluated yet.');
  });

  it('ask for a value, with shuffled parameters and normalized numbers', async () => {
    const order = ['optimizer', 'momentum', 'layers', 'lr', 'dropout'];
    const prompt = predictionPrompt(parts('normalized', order));
    await expect(`${prompt}\n`).toMatchFileSnapshot('fixtures/prediction-normalized.txt');
  });

  it('ask for a class', async () => {
    const { classes, ...rest } = parts('none');
    const prompt = classPrompt({ ...rest, evaluated: classes, good: 1 });
    await expect(`${prompt}\n`).toMatchFileSnapshot('fixtures/class.txt');
  });

  it('ask for a candidate that reaches a target, with logarithms', async () => {
    const prompt = candidatesPrompt({ ...parts('log'), names, target: '0.97', fixed: '' });
    await expect(`${prompt}\n`).toMatchFileSnapshot('fixtures/candidates-log.txt');
    expect(candidatesPrompt({ ...parts('log'), names, target: '1', fixed: 'layers: 2' })).toContain(
      '\nKeep these values: layers: 2\nAnswer with',
    );
  });
});

describe('numberText', () => {
  it.each([
    [0.1 + 0.2, '0.3'],
    [1 / 3, '0.333333'],
    [1.23456789e-7, '1.23457e-7'],
    [9007199254740991, '9007199254740991'],
    [-0.5, '-0.5'],
    [1e30, '1e+30'],
  ])('shows %d as %s', (value, text) => expect(numberText(value)).toBe(text));
});

describe('configurationText', () => {
  it('quotes what could be read otherwise, and shows the names in the order that is wanted', () => {
    const params = { 'a: b': 1, c: 'x, y', d: '7', e: null, f: 'true', g: true };
    expect(configurationText(params)).toBe('"a: b": 1, c: "x, y", d: "7", e: null, f: "true", g: true');
    expect(configurationText(params, { order: ['g', 'c', 'gone'] })).toBe('g: true, c: "x, y"');
  });
});
